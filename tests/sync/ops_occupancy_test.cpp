// SPDX-License-Identifier: Apache-2.0
// Who is inside, whatever the order in which entries come.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "sync/collector/conflicts.hpp"
#include "sync/collector/flow.hpp"
#include "sync/collector/occupancy.hpp"
#include "tests/sync/ops_entries.hpp"

namespace stile::sync {
namespace {

using ops::at;
using ops::GateBook;
using ops::ticket;
using enum PassageResult;

class People : public testing::Test {
protected:
    void let(GateBook& gate, std::uint8_t number, int seconds, std::uint64_t area = 0,
             Direction direction = Direction::Entry) {
        const auto admission = gate.admit(number, seconds, area, direction);
        add(admission);
        add(gate.passage(admission, direction == Direction::Entry ? Entered : Left, seconds + 1));
    }
    void let_out(GateBook& gate, std::uint8_t number, int seconds, std::uint64_t area = 0) {
        let(gate, number, seconds, area, Direction::Exit);
    }
    void add(GateEntry entry) { (void)occupancy_.take(entries_.emplace_back(std::move(entry))); }
    [[nodiscard]] Headcount total() const { return occupancy_.view().total; }
    [[nodiscard]] Headcount area(std::uint64_t number) const {
        auto areas = occupancy_.view().areas;
        return areas[number];
    }
    [[nodiscard]] std::uint64_t conflicts() const {
        return newest_conflicts(occupancy_.conflicts()).count;
    }

    AreaTree tree_{{2, 1}, {3, 2}};  // 3 lies in 2, which lies in 1
    Occupancy occupancy_{tree_};
    std::vector<GateEntry> entries_;
    GateBook north_{"north-1"};
    GateBook south_{"south-1"};
};

TEST_F(People, AreInsideWhenTheyPassed) {
    let(north_, 1, 0);
    let(south_, 2, 5);
    EXPECT_EQ(total(), (Headcount{2, 0, 2}));
    EXPECT_EQ(occupancy_.view().gates.at("north-1"), (Headcount{1, 0, 0}));
    EXPECT_TRUE(occupancy_.is_inside(ticket(1)));
}

TEST_F(People, AreNotInsideWhenTheyWereOnlyAdmitted) {
    add(north_.admit(1, 0));
    EXPECT_EQ(total(), Headcount{});
}

TEST_F(People, AreNotInsideWhenTheAdmissionWasTakenBack) {
    const auto admission = north_.admit(1, 0);
    add(admission);
    add(north_.passage(admission, Released, 8));
    EXPECT_EQ(total(), Headcount{});
}

TEST_F(People, CountWhenTheyArePresumedToHaveEntered) {
    auto admission = north_.admit(1, 0);
    admission.people = 3;
    add(admission);
    auto presumed = north_.passage(admission, PresumedEntered, 60);
    presumed.people = 1;  // what the log cannot tell
    add(presumed);
    EXPECT_EQ(total(), (Headcount{3, 0, 3}));
}

TEST_F(People, HaveLeftWhenAnExitIsPresumed) {
    let(north_, 1, 0);
    const auto exit = north_.admit(1, 100, 0, Direction::Exit);
    add(exit);
    add(north_.passage(exit, PresumedEntered, 160));
    EXPECT_EQ(total(), (Headcount{1, 1, 0}));
}

TEST_F(People, AreNeverMoreThanTheTicketAdmitted) {
    const auto admission = north_.admit(1, 0);
    add(admission);
    auto crowd = north_.passage(admission, Entered, 1);
    crowd.people = 200;
    add(crowd);
    EXPECT_EQ(total().inside, 1U);
}

TEST_F(People, OfAnAnnulledAdmissionDoNotCount) {
    const auto admission = north_.admit(1, 0);
    add(admission);
    add(north_.passage(admission, Entered, 1));
    add(north_.annul(admission, 20));
    EXPECT_EQ(total(), Headcount{});
    EXPECT_FALSE(occupancy_.is_inside(ticket(1)));
}

TEST_F(People, OfAnAdmissionThatALaterEpochAnnulledDoNotCount) {
    let(north_, 1, 0);
    GateBook restored{"north-1", 8};
    auto annulled = restored.next(EntryKind::Annulled, 300);
    annulled.ticket = ticket(1);
    add(annulled);
    EXPECT_EQ(total(), Headcount{});
}

TEST_F(People, OfAnotherGateStayWhenALaterEpochAnnuls) {
    let(south_, 1, 0);
    GateBook restored{"north-1", 8};
    auto annulled = restored.next(EntryKind::Annulled, 300);
    annulled.ticket = ticket(1);
    add(annulled);
    EXPECT_EQ(total().inside, 1U);
}

TEST_F(People, WithTestTicketsNeverCount) {
    auto admission = north_.admit(1, 0);
    admission.flags = static_cast<std::uint8_t>(EntryFlag::Test);
    add(admission);
    add(north_.passage(admission, Entered, 1));
    EXPECT_EQ(total(), Headcount{});
}

TEST_F(People, WhoLeaveAndComeBackAreNoConflict) {
    let(north_, 1, 0);
    let_out(south_, 1, 100);
    let(south_, 1, 200);
    EXPECT_EQ(total(), (Headcount{2, 1, 1}));
    EXPECT_EQ(conflicts(), 0U);
    EXPECT_EQ(occupancy_.arrivals(42).size(), 1U) << "who comes back is not new";
}

TEST_F(People, WhoLeaveUncountedAreNotNegative) {
    let_out(north_, 1, 0);
    EXPECT_EQ(total(), (Headcount{0, 1, 0}));
}

TEST_F(People, WithoutATicketAreCountedApart) {
    add(north_.free_passage(12, 0));
    add(entries_.back());
    EXPECT_EQ(occupancy_.view().free, 12U);
    EXPECT_EQ(total(), Headcount{});
}

TEST_F(People, WithTheSameTicketAtTwoGatesAreAConflict) {
    let(north_, 1, 0);
    let(south_, 1, 50);
    const auto found = newest_conflicts(occupancy_.conflicts());
    ASSERT_EQ(found.count, 1U);
    ASSERT_EQ(found.last[0].at.size(), 2U);
    EXPECT_EQ(found.last[0].at[0].entry.ledger.gate, "north-1");
    EXPECT_EQ(found.last[0].at[1].entry.ledger.gate, "south-1");
    EXPECT_EQ(total().inside, 2U) << "there are two people";
}

TEST_F(People, AreSortedByTheTimeOfTheirPassageNotOfItsArrival) {
    let(south_, 1, 200);
    let_out(south_, 1, 100);
    let(north_, 1, 0);
    EXPECT_EQ(conflicts(), 0U);
}

TEST_F(People, WhomARestoredLedgerForgotAreAConflict) {
    let(north_, 1, 0);
    GateBook restored{"north-1", 8};
    let(restored, 1, 500);
    EXPECT_EQ(conflicts(), 1U);
}

TEST_F(People, OfAGroupTicketThatItsGateKnowsAreNone) {
    let(north_, 1, 0);
    let(north_, 1, 4);
    let(north_, 1, 8);
    EXPECT_EQ(conflicts(), 0U);
    EXPECT_EQ(total().inside, 3U);
}

TEST_F(People, OfAGroupThatEnteredAtOnceAreNone) {
    auto admission = north_.admit(1, 0);
    admission.people = 5;
    add(admission);
    add(north_.passage(admission, Entered, 1));
    EXPECT_EQ(total(), (Headcount{5, 0, 5}));
    EXPECT_EQ(conflicts(), 0U);
}

TEST_F(People, OfAGroupAtTwoGatesAreNoneWhenTheTicketIsForThem) {
    let(north_, 1, 0);
    let(south_, 1, 4);
    EXPECT_EQ(conflicts(), 1U);
    occupancy_.set_people(ticket(1), 2);
    EXPECT_EQ(conflicts(), 0U);
    let(south_, 1, 9);
    EXPECT_EQ(conflicts(), 1U) << "the third of a ticket for two";
}

TEST_F(People, WhomAPersonLetInAlthoughTheyWereInsideAreAConflict) {
    let(north_, 1, 0);
    auto again = north_.admit(1, 50);
    again.flags = static_cast<std::uint8_t>(EntryFlag::Override);
    add(again);
    add(north_.passage(again, Entered, 51));
    EXPECT_EQ(conflicts(), 1U);
}

TEST_F(People, WhoGoFurtherInAreOne) {
    let(north_, 1, 0, 1);
    let(south_, 1, 60, 3);
    EXPECT_EQ(total(), (Headcount{1, 0, 1}));
    EXPECT_EQ(area(1), (Headcount{1, 0, 1}));
    EXPECT_EQ(area(2), (Headcount{1, 0, 1})) << "who is in 3 is in 2";
    EXPECT_EQ(area(3), (Headcount{1, 0, 1}));
    EXPECT_EQ(conflicts(), 0U);
    let_out(south_, 1, 90, 2);
    EXPECT_EQ(area(3), (Headcount{1, 1, 0}));
    EXPECT_EQ(area(2).inside, 1U);
    let_out(north_, 1, 120);
    EXPECT_EQ(area(1).inside, 0U);
    EXPECT_EQ(total(), (Headcount{1, 1, 0}));
}

TEST_F(People, WhoGoInsideFromAVenueWithoutAreasAreOne) {
    let(north_, 1, 0);
    let(south_, 1, 60, 1);
    EXPECT_EQ(total().inside, 1U);
    EXPECT_EQ(conflicts(), 0U);
    let_out(south_, 1, 90);
    EXPECT_EQ(total().inside, 1U) << "only out of the area";
    let_out(north_, 1, 100);
    EXPECT_EQ(total().inside, 0U);
}

TEST_F(People, InTwoAreasThatDoNotLieInEachOtherAreAConflict) {
    let(north_, 1, 0, 1);
    let(south_, 1, 60, 5);
    EXPECT_EQ(conflicts(), 1U);
}

TEST_F(People, OfYesterdayAreForgotten) {
    let(north_, 1, 0);
    let(north_, 2, 100);
    occupancy_.set_since(at(50));
    EXPECT_EQ(total(), (Headcount{1, 0, 1}));
    EXPECT_EQ(occupancy_.view().gates.at("north-1").entered, 1U);
    let(south_, 1, 200);
    EXPECT_EQ(conflicts(), 0U) << "the ticket is for both days";
}

// Whatever happens on an evening.
std::vector<GateEntry> evening(std::mt19937& random) {
    std::vector<GateBook> gates;
    gates.emplace_back("north-1");
    gates.emplace_back("north-1", 8);
    gates.emplace_back("south-1");
    std::vector<GateEntry> out;
    const auto one_in = [&](unsigned n) { return random() % n == 0; };
    for (int i = 0; i < 60; ++i) {
        GateBook& gate = gates[random() % gates.size()];
        const int second = static_cast<int>(random() % 4000);
        if (one_in(10)) out.push_back(gate.refuse(second));
        if (one_in(12)) out.push_back(gate.free_passage(2, second));
        auto admission = gate.admit(static_cast<std::uint8_t>(random() % 8), second, random() % 4,
                                    one_in(3) ? Direction::Exit : Direction::Entry);
        admission.people = one_in(5) ? 3 : 1;
        if (one_in(9)) admission.flags = static_cast<std::uint8_t>(EntryFlag::Test);
        if (one_in(9)) admission.flags = static_cast<std::uint8_t>(EntryFlag::Passback);
        if (one_in(9)) admission.ticket.reset();
        out.push_back(admission);
        constexpr PassageResult kResults[] = {Entered, Entered, Left, Released, PresumedEntered};
        if (!one_in(6)) out.push_back(gate.passage(admission, kResults[random() % 5], second + 2));
        if (one_in(9)) out.push_back(gate.annul(admission, second + 9));
    }
    return out;
}

struct Said {
    OccupancyView occupancy;
    ConflictsView conflicts;
    FlowView flow;
    Occupancy::Arrivals arrivals;
    friend bool operator==(const Said&, const Said&) = default;
};

Said say(const std::vector<GateEntry>& entries) {
    const AreaTree tree{{2, 1}, {3, 2}};
    Occupancy occupancy{tree, at(700)};
    Flow flow;
    for (const GateEntry& entry : entries)
        flow.take(occupancy.take(entry));
    return {occupancy.view(), newest_conflicts(occupancy.conflicts()), flow.view(at(3600)),
            occupancy.arrivals(42)};
}

TEST(Entries, SayTheSameInAnyOrderAndTwice) {
    std::mt19937 random{20260501};
    for (int round = 0; round < 60; ++round) {
        auto entries = evening(random);
        const Said in_order = say(entries);
        const auto again = entries;
        entries.insert(entries.end(), again.begin(), again.begin() + 40);
        for (int shuffles = 0; shuffles < 4; ++shuffles) {
            std::ranges::shuffle(entries, random);
            ASSERT_EQ(say(entries), in_order) << "round " << round;
        }
    }
}

TEST(Entries, SayTheSameWhenTheDayBeginsLater) {
    std::mt19937 random{7};
    const AreaTree tree{{2, 1}, {3, 2}};
    for (int round = 0; round < 20; ++round) {
        Occupancy early{tree};
        Occupancy late{tree, at(2000)};
        for (const GateEntry& entry : evening(random)) {
            (void)early.take(entry);
            (void)late.take(entry);
        }
        early.set_since(at(2000));
        ASSERT_EQ(early.view(), late.view());
        ASSERT_EQ(early.conflicts(), late.conflicts());
    }
}

TEST(TheFlow, HasTheMinutesOfTheEntriesOwnTime) {
    Flow flow;
    Admissions admissions;
    GateBook gate{"north-1"};
    const auto admission = gate.admit(1, 59);
    flow.take(admissions.take(admission));
    flow.take(admissions.take(gate.passage(admission, Entered, 61)));
    flow.take(admissions.take(gate.refuse(5)));
    const auto view = flow.view(at(120));
    const GateFlow& minutes = view.gates.at("north-1");
    EXPECT_EQ(view.from,
              std::chrono::floor<std::chrono::minutes>(at(120)) - std::chrono::minutes{59});
    EXPECT_EQ(minutes.entered[58], 1U);
    EXPECT_EQ(minutes.refused[57], 1U);
    EXPECT_EQ(minutes.entered[59] + minutes.entered[57] + minutes.left[58], 0U);
}

TEST(TheFlow, TakesOutWhatWasAnnulled) {
    Flow flow;
    Admissions admissions;
    GateBook gate{"north-1"};
    const auto admission = gate.admit(1, 0);
    for (const auto& entry :
         {admission, gate.passage(admission, Entered, 1), gate.annul(admission, 90)})
        flow.take(admissions.take(entry));
    const auto view = flow.view(at(120));
    EXPECT_EQ(view.gates.at("north-1"), GateFlow{});
}

TEST(TheFlow, LeavesOutWhatIsOlderThanAnHourOrStillToCome) {
    Flow flow;
    Admissions admissions;
    GateBook gate{"north-1"};
    flow.take(admissions.take(gate.refuse(0)));
    flow.take(admissions.take(gate.refuse(7200)));
    EXPECT_EQ(flow.view(at(3600)).gates.at("north-1"), GateFlow{});
    EXPECT_EQ(flow.view(at(7200)).gates.at("north-1").refused[59], 1U);
}

TEST(TheFlow, CountsRefusalsThatAFullDiskCouldNotTake) {
    Flow flow;
    Admissions admissions;
    GateBook gate{"north-1"};
    auto lost = gate.next(EntryKind::NotStored, 10);
    lost.count = 30;
    flow.take(admissions.take(lost));
    flow.take(admissions.take(lost));
    EXPECT_EQ(flow.view(at(10)).gates.at("north-1").refused[59], 30U);
}

TEST(Conflicts, AreTheNewestHundred) {
    std::map<crypto::TicketId, std::vector<Conflict>> all;
    for (int i = 0; i < 150; ++i) {
        Movement second{.time = at(i)};
        all[ticket(static_cast<std::uint8_t>(i))] = {Conflict{.at = {second}}};
    }
    const auto view = newest_conflicts(all);
    EXPECT_EQ(view.count, 150U);
    ASSERT_EQ(view.last.size(), 100U);
    EXPECT_EQ(view.last.front().time(), at(149));
    EXPECT_EQ(view.last.back().time(), at(50));
}

}  // namespace
}  // namespace stile::sync
