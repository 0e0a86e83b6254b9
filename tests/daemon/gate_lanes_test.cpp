// SPDX-License-Identifier: Apache-2.0
// Several lanes and readers, groups, second chances, and what goes wrong at a turnstile.
#include <gtest/gtest.h>

#include "tests/daemon/gate_fixture.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using devices::Signal;
using protocol::Outcome;
using test::kFields;
using test::kNoon;

class GateLanes : public test::GateTest {
protected:
    static std::string group(std::uint8_t people) {
        crypto::Gt1Fields fields = kFields;
        fields.admissions = people;
        return text(fields);
    }
    // A ticket that rotates, as it looks at this second.
    static std::string rotating(std::uint32_t time) {
        const crypto::SigningKey holder = tests::test_key(5);
        crypto::Gt1Fields fields = kFields;
        fields.holder = tests::ed25519_holder(holder);
        const Buffer core = tests::test_ticket(fields, tests::test_key(1));
        return crypto::gt1_text(tests::with_time_proof(core, time, holder));
    }
    void expect_events(const std::vector<LaneEventKind>& kinds) {
        run_until([&] { return entries<LaneEvent>().size() >= kinds.size(); });
        std::vector<LaneEventKind> seen;
        for (const LaneEvent& event : entries<LaneEvent>())
            seen.push_back(event.what);
        EXPECT_EQ(seen, kinds);
    }
    const std::uint32_t now_ = static_cast<std::uint32_t>(kNoon.time_since_epoch().count() / 1000);
};

TEST_F(GateLanes, CommitsOnceForEightLanes) {
    make_gate(std::vector<LaneWish>(8));
    std::vector<std::uint64_t> scans;
    for (std::size_t lane = 0; lane < 8; ++lane)
        scans.push_back(show(lane, text(lane + 1)));
    for (const std::uint64_t scan : scans)
        EXPECT_EQ(outcome(scan), Outcome::Admit);
    EXPECT_EQ(commits_, 1);
    for (const auto* turnstile : turnstiles_)
        EXPECT_EQ(turnstile->releases.size(), 1U);
}

TEST_F(GateLanes, WritesOutcomesOfAllLanesWithTheNextCommit) {
    make_gate(std::vector<LaneWish>(4));
    for (std::size_t lane = 0; lane < 3; ++lane)
        show(lane, text(lane + 1));
    EXPECT_EQ(answer_to(3, text(9)), Outcome::Admit);
    for (std::size_t lane = 0; lane < 3; ++lane)
        turnstiles_[lane]->pass();
    EXPECT_TRUE(entries<Passage>().empty());
    EXPECT_EQ(answer_to(0, text(5)), Outcome::Admit);
    EXPECT_EQ(entries<Passage>().size(), 3U) << "they rode on that commit";
    EXPECT_EQ(commits_, 2);
}

TEST_F(GateLanes, WritesOutcomesAloneWhenNobodyComes) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    const auto passed = std::chrono::steady_clock::now();
    pass(0);
    EXPECT_LT(std::chrono::steady_clock::now() - passed, 5s);
    EXPECT_EQ(commits_, 2);
}

TEST_F(GateLanes, AdmitsOnceWhenTwoReadersOfOneLaneSeeOneTicket) {
    const auto first = show(0, text(1));
    const auto second = show(0, text(1));
    EXPECT_EQ(outcome(first), Outcome::Admit);
    EXPECT_EQ(outcome(second), Outcome::Same);
    EXPECT_EQ(entries<Decided>().size(), 1U);
}

TEST_F(GateLanes, AdmitsAGroupOnceWhenTwoLanesSeeItAtTheSameMoment) {
    const auto first = show(0, group(3));
    const auto second = show(1, group(3));
    EXPECT_EQ(outcome(first), Outcome::Admit);
    EXPECT_EQ(reason(second), Reason::Used) << "the first took all three";
    EXPECT_TRUE(turnstiles_[1]->releases.empty());
}

TEST_F(GateLanes, LetsAReaderSayItsOwnDirection) {
    make_gate({{}}, {.reentry = Reentry::AfterExit});
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    pass(0);
    EXPECT_EQ(outcome(show(0, text(2), 0, Direction::Exit)), Outcome::Admit);
    pass(0);
    EXPECT_EQ(entries<Decided>()[1].direction, Direction::Exit);
    EXPECT_EQ(entries<Passage>()[1].result, PassageResult::Left);
}

TEST_F(GateLanes, LetsAGroupPassTogether) {
    EXPECT_EQ(answer_to(0, group(3)), Outcome::Admit);
    EXPECT_EQ(turnstiles_[0]->terms.people, 3);
    EXPECT_EQ(turnstiles_[0]->terms.hold, 60s + 2 * 10ms);
    EXPECT_EQ(entries<Decided>()[0].people, 3);
    turnstiles_[0]->pass();
    turnstiles_[0]->pass();
    EXPECT_TRUE(turnstiles_[0]->open_now);
    pass(0);
    EXPECT_FALSE(turnstiles_[0]->open_now);
    EXPECT_EQ(entries<Passage>()[0].people, 3);
    EXPECT_EQ(reason(show(1, group(3))), Reason::Used);
}

TEST_F(GateLanes, KeepsTheRestOfAGroupGood) {
    make_gate({{.passage_timeout = 20ms}, {}});
    EXPECT_EQ(answer_to(0, group(3)), Outcome::Admit);
    turnstiles_[0]->pass();
    clock_.advance(1s);
    run_until([&] { return !entries<Passage>().empty(); });
    EXPECT_EQ(entries<Passage>()[0].people, 1);
    EXPECT_EQ(answer_to(1, group(3)), Outcome::Admit);
    EXPECT_EQ(turnstiles_[1]->terms.people, 2);
}

TEST_F(GateLanes, LetsAGroupPassOneByOneWhereTheLaneSaysSo) {
    make_gate({{.group = GroupWay::Single}, {.group = GroupWay::Single}});
    for (const std::size_t lane : {0U, 1U}) {
        EXPECT_EQ(answer_to(lane, group(2)), Outcome::Admit);
        EXPECT_EQ(turnstiles_[lane]->terms.people, 1);
        pass(lane);
    }
    make_gate({{}});
    EXPECT_EQ(reason(show(0, group(2))), Reason::Used);
}

TEST_F(GateLanes, TakesTheSameProofOnceMoreWhereItWasReleased) {
    make_gate({{.passage_timeout = 5ms}, {}});
    EXPECT_EQ(answer_to(0, rotating(now_)), Outcome::Admit);
    run_until([&] { return !entries<Passage>().empty(); });
    EXPECT_EQ(outcome(show(0, rotating(now_))), Outcome::Same) << "still held in view";
    EXPECT_EQ(reason(show(1, rotating(now_))), Reason::Replayed) << "not at another lane";
    make_gate({{.passage_timeout = 5ms}, {}});  // three seconds later
    EXPECT_EQ(answer_to(0, rotating(now_)), Outcome::Admit);
    run_until([&] { return entries<Passage>().size() == 2; });
    make_gate({{}, {}});
    EXPECT_EQ(reason(show(0, rotating(now_))), Reason::Replayed) << "once";
}

TEST_F(GateLanes, TakesNoProofTwiceAfterAPassage) {
    EXPECT_EQ(answer_to(0, rotating(now_)), Outcome::Admit);
    pass(0);
    make_gate({{}, {}});
    EXPECT_EQ(reason(show(0, rotating(now_))), Reason::Replayed);
}

TEST_F(GateLanes, WritesDownWhoComesInBehindAGuest) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    turnstiles_[0]->pass();
    turnstiles_[0]->pass();
    expect_events({LaneEventKind::Tailgating});
    EXPECT_EQ(entries<LaneEvent>()[0].admission, turnstiles_[0]->releases[0]);
    EXPECT_EQ(entries<LaneEvent>()[0].lane, "lane-1");
    EXPECT_EQ(ledger_.head().totals.entered, 1U);
}

TEST_F(GateLanes, RefusesAtALaneWhoseDeviceIsGoneAndGoesOnWhenItIsBack) {
    turnstiles_[0]->tell(Signal::Gone);
    EXPECT_EQ(reason(show(0, text(1))), Reason::LaneClosed);
    EXPECT_EQ(answer_to(1, text(2)), Outcome::Admit);
    turnstiles_[0]->tell(Signal::Back);
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    expect_events({LaneEventKind::DeviceGone, LaneEventKind::DeviceBack});
}

TEST_F(GateLanes, CountsAnAdmissionWhoseDeviceWentAway) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    turnstiles_[0]->tell(Signal::Gone);
    run_until([&] { return !entries<Passage>().empty(); });
    EXPECT_EQ(entries<Passage>()[0].result, PassageResult::PresumedEntered);
    EXPECT_EQ(reason(show(1, text(1))), Reason::Used);
}

TEST_F(GateLanes, TellsWhoeverWatchesThatALaneHasChanged) {
    std::vector<std::string> changed;
    on_lane_changed_ = [&](const Lane& lane) { changed.push_back(lane.name()); };
    turnstiles_[1]->tell(Signal::TamperOpened);
    EXPECT_EQ(changed, std::vector<std::string>{"lane-2"});
    EXPECT_EQ(gate_->lanes()[1].last_event(), LaneEventKind::TamperOpened);
    ASSERT_TRUE(gate_->set_mode(0, LaneMode::Free, {"Anna", "operator"}, "fair"));
    EXPECT_EQ(changed.back(), "lane-1");
}

TEST_F(GateLanes, GoesOnWhenTheClockJumps) {
    for (const auto jump : {-24h, 48h, -1h}) {
        make_gate({{.passage_timeout = 20ms}});
        const std::size_t before = entries<Passage>().size();
        EXPECT_EQ(answer_to(0, text(ledger_.head().seq + 100)), Outcome::Admit);
        clock_.advance(jump);
        run_until([&] { return entries<Passage>().size() > before; });
        EXPECT_EQ(entries<Passage>().back().result, PassageResult::Released);
    }
    EXPECT_TRUE(ledger_.verify());
}

TEST_F(GateLanes, KnowsItsLanesByName) {
    EXPECT_EQ(gate_->lane_named("lane-2"), 1U);
    EXPECT_EQ(gate_->lane_named("lane-3"), std::nullopt);
}

}  // namespace
}  // namespace stile
