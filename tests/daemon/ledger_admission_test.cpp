// SPDX-License-Identifier: Apache-2.0
// From an admission to its end: visits, proofs, areas, nonces, and what is taken back.
#include "tests/daemon/ledger_fixture.hpp"

namespace stile::test {
namespace {

using namespace std::chrono_literals;

class LedgerVisits : public LedgerFixture {};

TEST_F(LedgerVisits, AreOpenUntilTheOutcomeIsKnown) {
    Ledger ledger = open();
    const OpenAdmission open = admit(ledger, 1);
    ASSERT_EQ(visits(ledger, 1).size(), 1U);
    EXPECT_EQ(visits(ledger, 1)[0].standing, Visit::Standing::Open);
    resolve(ledger, open, PassageResult::Entered);
    const Visit passed{.time = kLedgerNoon, .order = open.admission};
    EXPECT_EQ(visits(ledger, 1), std::vector{passed});
}

TEST_F(LedgerVisits, AreGoneWhenNobodyPassed) {
    Ledger ledger = open();
    resolve(ledger, admit(ledger, 1), PassageResult::Released);
    EXPECT_TRUE(visits(ledger, 1).empty());
    EXPECT_EQ(ledger.head().totals.released, 1U);
    EXPECT_EQ(ledger.state(identity(1))->pending, 0U);
}

TEST_F(LedgerVisits, ComeInTheOrderOfTheirTimes) {
    Ledger ledger = open();
    resolve(ledger, admit(ledger, 1), PassageResult::Entered);
    clock_.advance(1min);
    resolve(ledger, admit(ledger, 1, admitted(Direction::Exit)), PassageResult::Left);
    clock_.advance(-2min);
    resolve(ledger, admit(ledger, 1), PassageResult::Entered);
    const auto all = visits(ledger, 1);
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].time, kLedgerNoon - 1min);
    EXPECT_EQ(all[2].direction, Direction::Exit);
    EXPECT_EQ(ledger.head().totals.entered, 2U);
    EXPECT_EQ(ledger.head().totals.left, 1U);
}

TEST_F(LedgerVisits, AreOfOneListAndOneTicket) {
    Ledger ledger = open();
    Decided vip = admitted();
    vip.list = 3;
    resolve(ledger, admit(ledger, 1, vip), PassageResult::Entered);
    EXPECT_TRUE(visits(ledger, 1).empty());
    EXPECT_TRUE(visits(ledger, 1, {8, 3}).empty());
    EXPECT_TRUE(visits(ledger, 2, {7, 3}).empty());
    EXPECT_EQ(visits(ledger, 1, {7, 3}).size(), 1U);
}

TEST_F(LedgerVisits, CountThosePeopleOfAGroupWhoPassed) {
    Ledger ledger = open();
    Decided group = admitted();
    group.people = 5;
    const OpenAdmission open = admit(ledger, 1, group);
    EXPECT_EQ(visits(ledger, 1)[0].people, 5U);
    resolve(ledger, open, PassageResult::Entered, 3);
    EXPECT_EQ(visits(ledger, 1)[0].people, 3U);
    EXPECT_EQ(ledger.head().totals.entered, 3U);
    EXPECT_EQ(entry_facts({}, visits(ledger, 1), "lane-1").entered, 3U);
}

TEST_F(LedgerVisits, DoNotChargeATicketForATailgater) {
    Ledger ledger = open();
    resolve(ledger, admit(ledger, 1), PassageResult::Entered, 2);
    EXPECT_EQ(visits(ledger, 1)[0].people, 1U);
    EXPECT_EQ(std::get<Passage>(last_entry(ledger).body).people, 1U);
}

TEST_F(LedgerVisits, AreNotWrittenForATestTicket) {
    Ledger ledger = open();
    Decided test = admitted();
    test.flags = kFlagTest;
    const Admission admission{test, identity(1), {}, {0, 5}};
    const OpenAdmission open = admit(ledger, admission);
    EXPECT_TRUE(visits(ledger, 1).empty());
    resolve(ledger, open, PassageResult::Entered);
    EXPECT_TRUE(visits(ledger, 1).empty());
    EXPECT_EQ(*ledger.state(identity(1)), TicketState{});
    EXPECT_EQ(ledger.area(5)->inside, 0);
    EXPECT_EQ(ledger.head().totals, Totals{});
}

TEST_F(LedgerVisits, AreFoundAgainAfterACrashAndCount) {
    {
        Ledger ledger = open();
        Decided group = admitted();
        group.people = 4;
        (void)admit(ledger, 1, group);
    }
    const Ledger again = open();
    ASSERT_EQ(visits(again, 1).size(), 1U);
    EXPECT_EQ(visits(again, 1)[0].standing, Visit::Standing::Passed);
    EXPECT_EQ(visits(again, 1)[0].people, 4U);
    EXPECT_EQ(again.head().totals.entered, 4U);
}

class LedgerProofs : public LedgerFixture {
protected:
    OpenAdmission admit_with(Ledger& ledger, std::uint32_t proof) {
        TicketState state = *ledger.state(identity(1));
        state.last_proof = proof;
        return admit(ledger, {admitted(), identity(1), state});
    }
    static std::uint32_t newest_at(const Ledger& ledger, std::string_view lane) {
        return ledger.state(identity(1))->last_proof_at(lane);
    }
};

TEST_F(LedgerProofs, CountOnceMoreAtTheLaneThatReleasedThem) {
    Ledger ledger = open();
    resolve(ledger, admit_with(ledger, 1000), PassageResult::Released);
    EXPECT_EQ(newest_at(ledger, "lane-1"), 999U);
    EXPECT_EQ(newest_at(ledger, "lane-2"), 1000U);
}

TEST_F(LedgerProofs, DoNotCountAThirdTime) {
    Ledger ledger = open();
    resolve(ledger, admit_with(ledger, 1000), PassageResult::Released);
    resolve(ledger, admit_with(ledger, 1000), PassageResult::Released);
    EXPECT_EQ(newest_at(ledger, "lane-1"), 1000U);
}

TEST_F(LedgerProofs, CountOnceMoreForANewerOneToo) {
    Ledger ledger = open();
    resolve(ledger, admit_with(ledger, 1000), PassageResult::Released);
    resolve(ledger, admit_with(ledger, 1010), PassageResult::Released);
    EXPECT_EQ(newest_at(ledger, "lane-1"), 1009U);
}

TEST_F(LedgerProofs, StayUsedWhenSomebodyPassed) {
    Ledger ledger = open();
    resolve(ledger, admit_with(ledger, 1000), PassageResult::Entered);
    EXPECT_EQ(newest_at(ledger, "lane-1"), 1000U);
}

TEST_F(LedgerProofs, StayUsedWhenACrashHidWhetherSomebodyPassed) {
    {
        Ledger ledger = open();
        (void)admit_with(ledger, 1000);
    }
    EXPECT_EQ(newest_at(open(), "lane-1"), 1000U);
}

class LedgerAreas : public LedgerFixture {
protected:
    OpenAdmission enter(Ledger& ledger, std::uint8_t number, AreaMove move,
                        std::uint8_t people = 1) {
        Decided decided = admitted();
        decided.people = people;
        return admit(ledger, {decided, identity(number), *ledger.state(identity(number)), move});
    }
};

TEST_F(LedgerAreas, ExpectPeopleFromTheAdmissionOnAndCountThemWhenTheyPassed) {
    Ledger ledger = open();
    const OpenAdmission open = enter(ledger, 1, {0, 5}, 3);
    EXPECT_EQ(*ledger.area(5), (AreaCount{0, 3}));
    resolve(ledger, open, PassageResult::Entered, 2);
    EXPECT_EQ(*ledger.area(5), (AreaCount{2, 0}));
    EXPECT_EQ(ledger.state(identity(1))->area, 5U);
    EXPECT_EQ(ledger.state(identity(1))->area_since_ms, 1'800'000'000'000U);
}

TEST_F(LedgerAreas, ExpectNobodyAnyMoreWhenNobodyPassed) {
    Ledger ledger = open();
    resolve(ledger, enter(ledger, 1, {0, 5}, 3), PassageResult::Released);
    EXPECT_EQ(*ledger.area(5), AreaCount{});
    EXPECT_EQ(ledger.state(identity(1))->area, 0U);
}

TEST_F(LedgerAreas, AreLeftForOneAnother) {
    Ledger ledger = open();
    resolve(ledger, enter(ledger, 1, {0, 5}), PassageResult::Entered);
    resolve(ledger, enter(ledger, 1, {5, 6}), PassageResult::Entered);
    EXPECT_EQ(ledger.area(5)->inside, 0);
    EXPECT_EQ(ledger.area(6)->inside, 1);
    resolve(ledger, enter(ledger, 1, {6, 0}), PassageResult::Left);
    EXPECT_EQ(ledger.area(6)->inside, 0);
    EXPECT_EQ(ledger.state(identity(1))->area, 0U);
}

TEST_F(LedgerAreas, HaveFewerThanNobodyWhenPeopleCameThroughAnotherGate) {
    Ledger ledger = open();
    resolve(ledger, enter(ledger, 1, {5, 0}), PassageResult::Left);
    EXPECT_EQ(ledger.area(5)->inside, -1);
}

TEST_F(LedgerAreas, AreAsBeforeAfterAnAnnulment) {
    Ledger ledger = open();
    resolve(ledger, enter(ledger, 1, {0, 5}), PassageResult::Entered);
    const TicketState before = *ledger.state(identity(1));
    clock_.advance(5min);
    const OpenAdmission second = enter(ledger, 1, {5, 6});
    resolve(ledger, second, PassageResult::Entered);
    EXPECT_EQ(annul(ledger, {.entry = entry(second)}), AnnulAnswer::Done);
    EXPECT_EQ(ledger.area(5)->inside, 1);
    EXPECT_EQ(ledger.area(6)->inside, 0);
    EXPECT_EQ(*ledger.state(identity(1)), before);
}

class LedgerAnnulment : public LedgerFixture {};

TEST_F(LedgerAnnulment, TakesThePassageBackAndKeepsEveryEntry) {
    Ledger ledger = open();
    const OpenAdmission open = admit(ledger, 1);
    resolve(ledger, open, PassageResult::Entered);
    const std::uint64_t entries = ledger.head().seq;
    EXPECT_EQ(annul(ledger, {.entry = entry(open), .person = "Kim", .reason = "wrong guest"}),
              AnnulAnswer::Done);
    EXPECT_TRUE(visits(ledger, 1).empty());
    EXPECT_EQ(ledger.head().seq, entries + 1);
    const Annulled expected{.admission = open.admission,
                            .ticket = {1, 2, 3},
                            .person = "Kim",
                            .reason = "wrong guest",
                            .lane = "lane-1"};
    EXPECT_EQ(std::get<Annulled>(last_entry(ledger).body), expected);
    EXPECT_EQ(ledger.head().totals.annulled, 1U);
}

TEST_F(LedgerAnnulment, RefusesWhatItDoesNotKnow) {
    Ledger ledger = open();
    const std::uint64_t entries = ledger.head().seq;
    EXPECT_EQ(annul(ledger, {.entry = {ledger.head().epoch, 1}}), AnnulAnswer::Unknown);
    EXPECT_EQ(annul(ledger, {.nonce = "never heard of"}), AnnulAnswer::Unknown);
    EXPECT_EQ(annul(ledger, {}), AnnulAnswer::Unknown);
    EXPECT_EQ(ledger.head().seq, entries);
}

TEST_F(LedgerAnnulment, RefusesAnOpenAdmission) {
    Ledger ledger = open();
    const OpenAdmission open = admit(ledger, 1);
    EXPECT_EQ(annul(ledger, {.entry = entry(open)}), AnnulAnswer::StillOpen);
    EXPECT_EQ(visits(ledger, 1).size(), 1U);
}

TEST_F(LedgerAnnulment, RefusesWhatNobodyPassedFor) {
    Ledger ledger = open();
    const OpenAdmission open = admit(ledger, 1);
    resolve(ledger, open, PassageResult::Released);
    EXPECT_EQ(annul(ledger, {.entry = entry(open)}), AnnulAnswer::Released);
}

TEST_F(LedgerAnnulment, RefusesASecondTime) {
    Ledger ledger = open();
    const OpenAdmission open = admit(ledger, 1);
    resolve(ledger, open, PassageResult::Entered);
    EXPECT_EQ(annul(ledger, {.entry = entry(open)}), AnnulAnswer::Done);
    EXPECT_EQ(annul(ledger, {.entry = entry(open)}), AnnulAnswer::Already);
    EXPECT_EQ(ledger.head().totals.annulled, 1U);
}

TEST_F(LedgerAnnulment, RefusesWhenItIsTooLate) {
    Ledger ledger = open();
    const OpenAdmission open = admit(ledger, 1);
    clock_.advance(1h);
    resolve(ledger, open, PassageResult::Entered);
    clock_.advance(15min + 1ms);
    EXPECT_EQ(annul(ledger, {.entry = entry(open)}), AnnulAnswer::TooLate);
    EXPECT_EQ(annul(ledger, {.entry = entry(open), .within = 1h}), AnnulAnswer::Done);
}

TEST_F(LedgerAnnulment, SurvivesARestart) {
    OpenAdmission open_admission;
    {
        Ledger ledger = open();
        open_admission = admit(ledger, 1);
        resolve(ledger, open_admission, PassageResult::Entered);
        (void)annul(ledger, {.entry = entry(open_admission)});
    }
    Ledger again = open();
    EXPECT_TRUE(visits(again, 1).empty());
    EXPECT_EQ(annul(again, {.entry = entry(open_admission)}), AnnulAnswer::Already);
}

class LedgerNonces : public LedgerFixture {};

TEST_F(LedgerNonces, FindTheirAdmissionInEveryStanding) {
    using Standing = FoundAdmission::Standing;
    Ledger ledger = open();
    EXPECT_FALSE(*ledger.find("order-1"));
    const OpenAdmission open = admit(ledger, {admitted(), identity(1), {}, {}, "order-1"});
    const auto found = ledger.find("order-1").value();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->entry, entry(open));
    EXPECT_EQ(found->identity, identity(1));
    EXPECT_EQ(found->list, (ListKey{7, 0}));
    EXPECT_EQ(found->standing, Standing::Open);
    resolve(ledger, open, PassageResult::Entered);
    EXPECT_EQ((*ledger.find("order-1"))->standing, Standing::Passed);
    EXPECT_EQ(annul(ledger, {.nonce = "order-1"}), AnnulAnswer::Done);
    EXPECT_EQ((*ledger.find("order-1"))->standing, Standing::Annulled);
}

TEST_F(LedgerNonces, AreDerivedWhereThePlatformGaveNone) {
    Ledger ledger = open();
    const OpenAdmission open = admit(ledger, 1);
    const std::string nonce = ledger.derived_nonce(entry(open));
    EXPECT_TRUE(nonce.starts_with("north-1-"));
    ASSERT_TRUE(*ledger.find(nonce));
    EXPECT_EQ((*ledger.find(nonce))->entry, entry(open));
}

TEST_F(LedgerNonces, OfAnotherGateOrAnotherFormFindNothing) {
    Ledger ledger = open();
    const OpenAdmission open = admit(ledger, 1);
    const std::string nonce = ledger.derived_nonce(entry(open));
    for (const std::string& other :
         {"south-1" + nonce.substr(7), nonce + "0", nonce + "x", nonce.substr(0, nonce.size() - 1),
          nonce.substr(0, 10), std::string{"north-1-"}, std::string{}}) {
        EXPECT_FALSE(*ledger.find(other)) << other;
    }
}

TEST_F(LedgerNonces, AreSeenByTheBatchThatGaveThem) {
    Ledger ledger = open();
    auto batch = ledger.begin();
    ASSERT_TRUE(batch->admit({admitted(), identity(1), {}, {}, "order-1"}, clock_.now()));
    EXPECT_TRUE(*batch->find("order-1"));
    EXPECT_FALSE(*ledger.find("order-1")) << "not durable yet";
}

}  // namespace
}  // namespace stile::test
