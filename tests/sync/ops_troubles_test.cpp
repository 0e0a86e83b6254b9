// SPDX-License-Identifier: Apache-2.0
// What becomes an alarm of the venue, and of what an earlier run knew.
#include <algorithm>

#include "sync/collector/conflicts.hpp"
#include "sync/collector/expected_gates.hpp"
#include "sync/collector/troubles.hpp"
#include "tests/sync/ops_parts.hpp"

namespace stile::sync {
namespace {

using namespace std::chrono_literals;
using ops::at;
using ops::ticket;

class AVenue : public Parts {
protected:
    [[nodiscard]] std::vector<std::string> silent() {
        GateWatch watch;
        EXPECT_TRUE(expect_gates(*store_, watch, {at(3600), now_}));
        std::vector<std::string> out;
        for (const auto& gate : watch.silent(now_ + later_))
            out.push_back(gate.gate);
        return out;
    }
    GateWatch::Time now_{1h};
    std::chrono::seconds later_{0};
};

TEST_F(AVenue, HasAnAlarmForEachRevokedTicketInside) {
    enter(north_, 2, 0);
    Troubles troubles;
    add_refunded_inside(occupancy_, {ticket(1), ticket(2)}, troubles);
    ASSERT_EQ(troubles.size(), 1U) << "of the first nothing is known";
    EXPECT_EQ(troubles[0].alarm.code, "refunded-inside-0200000000000000");
}

TEST_F(AVenue, HasNoAlarmForARevokedTicketThatLeft) {
    enter(north_, 1, 0);
    const auto exit = north_.admit(1, 100, 0, Direction::Exit);
    put(exit);
    put(north_.passage(exit, PassageResult::Left, 101));
    Troubles troubles;
    add_refunded_inside(occupancy_, {ticket(1)}, troubles);
    EXPECT_TRUE(troubles.empty());
}

TEST_F(AVenue, KeepsLittleOfAPassThatLetsInACrew) {
    for (int i = 0; i < 100; ++i) {
        ops::GateBook& gate = i % 2 == 0 ? north_ : south_;
        const auto admission = gate.admit(1, 2 * i);
        (void)occupancy_.take(admission);
        (void)occupancy_.take(gate.passage(admission, PassageResult::Entered, 2 * i + 1));
    }
    EXPECT_EQ(occupancy_.view().total, (Headcount{100, 0, 100}));
    const auto found = newest_conflicts(occupancy_.conflicts());
    ASSERT_EQ(found.count, Visits::kMostConflicts) << "the newest of the ticket";
    ASSERT_EQ(found.last[0].at.size(), Conflict::kMostMovements);
    EXPECT_EQ(found.last[0].at.front().time, at(1)) << "who came first";
    EXPECT_EQ(found.last[0].time(), at(2 * 99 + 1));
    for (int i = 0; i < 100; ++i) {
        const auto exit = north_.admit(1, 5000 + 2 * i, 0, Direction::Exit);
        (void)occupancy_.take(exit);
        (void)occupancy_.take(north_.passage(exit, PassageResult::Left, 5000 + 2 * i + 1));
    }
    EXPECT_EQ(occupancy_.view().total, (Headcount{100, 100, 0}));
}

TEST_F(AVenue, WaitsForTheGatesOfThisEvening) {
    put(north_.next(EntryKind::Start, 0));
    put(south_.next(EntryKind::Start, -30 * 3600));
    EXPECT_TRUE(silent().empty());
    later_ = 60s;
    EXPECT_EQ(silent(), std::vector<std::string>{"north-1"});
}

TEST_F(AVenue, KnowsOfASilenceFromAnEarlierRun) {
    ASSERT_TRUE(store_->keep({"silent/south-1", "2026-05-01T18:00:00.000Z"}));
    ASSERT_TRUE(store_->keep({"silent/north-1", ""}));
    EXPECT_EQ(silent(), std::vector<std::string>{"south-1"});
}

}  // namespace
}  // namespace stile::sync
