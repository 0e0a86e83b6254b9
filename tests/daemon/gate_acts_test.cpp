// SPDX-License-Identifier: Apache-2.0
// What staff do at a lane: durable with a name before anything moves, and never for a forgery.
#include <gtest/gtest.h>

#include "tests/daemon/gate_fixture.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using protocol::Outcome;
using test::kFields;
using test::kNoon;

const Actor kAnna{"Anna", "supervisor"};

class GateActs : public test::GateTest {
protected:
    std::string forged() const {
        return crypto::gt1_text(tests::test_ticket(kFields, tests::test_key(2)));
    }
    test::FakeTurnstile& turnstile(std::size_t lane = 0) { return *turnstiles_[lane]; }
    LaneMode mode_of(std::size_t lane) { return gate_->lanes()[lane].mode(); }
    void settle() {
        const auto seq = ledger_.head().seq;
        gate_->record({.generation = 1, .records = 1, .list = "revocation"});
        run_until([&] { return ledger_.head().seq > seq; });
    }
};

TEST_F(GateActs, OpensOnceForNobodyAfterThatIsDurable) {
    const auto opened = gate_->open_once(0, kAnna, "pram");
    ASSERT_TRUE(opened);
    EXPECT_EQ(turnstile().releases, std::vector{*opened});
    const auto acts = entries<Act>();
    ASSERT_EQ(acts.size(), 1U);
    EXPECT_EQ(acts[0].what, ActKind::OpenOnce);
    EXPECT_EQ(acts[0].person, "Anna");
    EXPECT_EQ(acts[0].reason, "pram");
    EXPECT_EQ(acts[0].lane, "lane-1");
    const auto decided = entries<Decided>();
    ASSERT_EQ(decided.size(), 1U);
    EXPECT_EQ(decided[0].flags, kFlagOverride);
    pass(0);
    EXPECT_EQ(entries<Passage>()[0].admission, *opened);
    EXPECT_EQ(ledger_.head().totals.entered, 1U);
}

TEST_F(GateActs, OpensForTwoAtTwoLanesAtOnce) {
    EXPECT_TRUE(gate_->open_once(0, kAnna, "pram"));
    EXPECT_TRUE(gate_->open_once(1, kAnna, "pram"));
    pass(0);
    pass(1);
    EXPECT_EQ(ledger_.head().totals.entered, 2U);
}

TEST_F(GateActs, OpensNothingWithoutANameAndAReason) {
    EXPECT_FALSE(gate_->open_once(0, {"", "operator"}, "pram"));
    EXPECT_FALSE(gate_->open_once(0, kAnna, ""));
    EXPECT_FALSE(gate_->override_refusal(0, kAnna, ""));
    EXPECT_FALSE(gate_->set_mode(0, LaneMode::Free, {"", ""}, "fair"));
    EXPECT_FALSE(gate_->annul("x", kAnna, ""));
    EXPECT_TRUE(turnstile().releases.empty());
    EXPECT_TRUE(entries<Act>().empty());
}

TEST_F(GateActs, OpensNoLaneThatIsBusyFreeBrokenOrNotThere) {
    EXPECT_EQ(gate_->open_once(7, kAnna, "pram").error().code, Errc::NotFound);
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    EXPECT_EQ(gate_->open_once(0, kAnna, "pram").error().code, Errc::Invalid);
    ASSERT_TRUE(gate_->set_mode(1, LaneMode::Free, kAnna, "fair"));
    EXPECT_FALSE(gate_->open_once(1, kAnna, "pram"));
    ASSERT_TRUE(gate_->set_mode(1, LaneMode::OutOfOrder, kAnna, "fair"));
    EXPECT_FALSE(gate_->open_once(1, kAnna, "pram"));
    EXPECT_EQ(turnstile(0).releases.size(), 1U);
    EXPECT_TRUE(turnstile(1).releases.empty());
}

TEST_F(GateActs, SaysThatTheTurnstileDidNotOpen) {
    turnstile().broken = true;
    EXPECT_EQ(gate_->open_once(0, kAnna, "pram").error().code, Errc::Io);
    settle();
    EXPECT_EQ(entries<Passage>()[0].result, PassageResult::Released);
}

TEST_F(GateActs, OpensALockedLaneOnceForTheStaff) {
    ASSERT_TRUE(gate_->set_mode(0, LaneMode::Locked, kAnna, "night"));
    EXPECT_TRUE(gate_->open_once(0, kAnna, "cleaner"));
    pass(0);
    EXPECT_EQ(gate_->lanes()[0].state(), LaneState::Locked);
}

TEST_F(GateActs, RefusesEverybodyAtALockedLaneAndConsumesNothing) {
    ASSERT_TRUE(gate_->set_mode(0, LaneMode::Locked, kAnna, "night"));
    EXPECT_EQ(reason(show(0, text(1))), Reason::LaneClosed);
    EXPECT_EQ(answer_to(1, text(1)), Outcome::Admit);
}

TEST_F(GateActs, LetsPeopleOutButNotInWhenItIsExitOnly) {
    make_gate({{}}, {.reentry = Reentry::AfterExit});
    ASSERT_TRUE(gate_->set_mode(0, LaneMode::ExitOnly, kAnna, "end of show"));
    EXPECT_EQ(reason(show(0, text(1))), Reason::LaneClosed);
    EXPECT_EQ(outcome(show(0, text(1), 0, Direction::Exit)), Outcome::Admit);
}

TEST_F(GateActs, LetsEverybodyPassAFreeLaneAndLeavesTheirTickets) {
    ASSERT_TRUE(gate_->set_mode(0, LaneMode::Free, kAnna, "fair"));
    EXPECT_EQ(turnstile().free, devices::Ways::Both);
    const auto scan = show(0, text(1));
    EXPECT_EQ(outcome(scan), Outcome::Admit);
    EXPECT_EQ(answers_[scan].headline, "Free passage");
    EXPECT_EQ(outcome(show(0, forged())), Outcome::Admit);
    EXPECT_TRUE(entries<Decided>().empty());
    turnstile().pass();
    turnstile().pass();
    ASSERT_TRUE(gate_->set_mode(0, LaneMode::Normal, kAnna, "fair is over"));
    EXPECT_FALSE(turnstile().open_now);
    settle();
    ASSERT_EQ(entries<LaneEvent>().size(), 1U);
    EXPECT_EQ(entries<LaneEvent>()[0].count, 2U);
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
}

TEST_F(GateActs, KeepsTheModeOverARestart) {
    ASSERT_TRUE(gate_->set_mode(1, LaneMode::Locked, kAnna, "night"));
    make_gate({{}, {}});
    EXPECT_EQ(mode_of(0), LaneMode::Normal);
    EXPECT_EQ(mode_of(1), LaneMode::Locked);
    EXPECT_FALSE(turnstile(1).open_now);
    ASSERT_TRUE(gate_->set_mode({}, LaneMode::Free, kAnna, "fair"));
    make_gate({{}, {}});
    EXPECT_EQ(mode_of(0), LaneMode::Free);
    EXPECT_TRUE(turnstile(0).open_now);
    EXPECT_TRUE(turnstile(1).open_now);
}

TEST_F(GateActs, WritesOneEntryForAllLanes) {
    ASSERT_TRUE(gate_->set_mode({}, LaneMode::ExitOnly, kAnna, "end"));
    const auto acts = entries<Act>();
    ASSERT_EQ(acts.size(), 1U);
    EXPECT_EQ(acts[0].lane, "");
    EXPECT_EQ(acts[0].mode, static_cast<std::uint8_t>(LaneMode::ExitOnly));
}

TEST_F(GateActs, FollowsTheWeekUntilSomebodyKnowsBetter) {
    const std::vector<ScheduleRow> week{{0x7F, 6h, LaneMode::Locked}};
    clock_.set(std::chrono::floor<std::chrono::days>(kNoon) + 5h);
    make_gate({{.schedule = week}});
    run_until([&] { return mode_of(0) == LaneMode::Locked; });  // since yesterday
    EXPECT_EQ(entries<Act>()[0].person, "schedule");
    ASSERT_TRUE(gate_->set_mode(0, LaneMode::Free, kAnna, "fair"));
    make_gate({{.schedule = week}});
    settle();
    EXPECT_EQ(mode_of(0), LaneMode::Free) << "until the next change";
    clock_.advance(2h);
    make_gate({{.schedule = week}});
    run_until([&] { return mode_of(0) == LaneMode::Locked; });
    EXPECT_EQ(entries<Act>().size(), 3U);
}

TEST_F(GateActs, FollowsNoWeekWithAClockThatIsWrong) {
    clock_.quality = ClockQuality::Wrong;
    make_gate({{.schedule = {{0x7F, 0h, LaneMode::Locked}}}});
    settle();
    EXPECT_EQ(mode_of(0), LaneMode::Normal);
}

TEST_F(GateActs, OverridesTheLastRefusalWithNameAndReason) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    pass(0);
    EXPECT_EQ(reason(show(1, text(1))), Reason::Used);
    EXPECT_EQ(gate_->override_refusal(1, kAnna, "came back for her child"), Overridden::Admitted);
    ASSERT_EQ(turnstile(1).releases.size(), 1U);
    const auto decided = entries<Decided>().back();
    EXPECT_EQ(decided.verdict, Verdict::Admit);
    EXPECT_EQ(decided.reason, Reason::Used);
    EXPECT_EQ(decided.flags & kFlagOverride, kFlagOverride);
    EXPECT_EQ(entries<Act>().back().person, "Anna");
    pass(1);
    EXPECT_EQ(ledger_.head().totals.entered, 2U);
}

TEST_F(GateActs, OverridesARefusalOnce) {
    revocation_ = RevocationFacts{.list = RevocationFacts::List::Revoked};
    EXPECT_EQ(reason(show(0, text(1))), Reason::Revoked);
    EXPECT_EQ(gate_->override_refusal(0, kAnna, "desk says so"), Overridden::Admitted);
    pass(0);
    EXPECT_EQ(gate_->override_refusal(0, kAnna, "again"), Overridden::Armed);
    EXPECT_EQ(turnstile().releases.size(), 1U);
}

TEST_F(GateActs, OverridesTheNextRefusalWhenThereWasNone) {
    revocation_ = RevocationFacts{.list = RevocationFacts::List::Revoked};
    EXPECT_EQ(gate_->override_refusal(0, kAnna, "desk says so"), Overridden::Armed);
    EXPECT_EQ(reason(show(1, text(1))), Reason::Revoked) << "at that lane only";
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    pass(0);
    EXPECT_EQ(reason(show(0, text(2))), Reason::Revoked) << "once";
}

TEST_F(GateActs, OverridesNothingForAForgery) {
    EXPECT_EQ(reason(show(0, forged())), Reason::Invalid);
    EXPECT_EQ(gate_->override_refusal(0, kAnna, "she is nice"), Overridden::Armed);
    EXPECT_EQ(reason(show(0, forged())), Reason::Invalid);
    EXPECT_EQ(reason(show(0, "rubbish")), Reason::Invalid);
    EXPECT_TRUE(turnstile().releases.empty());
}

TEST_F(GateActs, KeepsAnArmedOverrideForAGuestWhoNeedsIt) {
    EXPECT_EQ(gate_->override_refusal(0, kAnna, "desk"), Overridden::Armed);
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    pass(0);
    EXPECT_EQ(entries<Decided>().back().flags, 0);
    revocation_ = RevocationFacts{.list = RevocationFacts::List::Revoked};
    EXPECT_EQ(answer_to(0, text(2)), Outcome::Admit);
    EXPECT_EQ(entries<Decided>().back().flags, kFlagOverride);
}

TEST_F(GateActs, OverridesNoTicketThatIsAdmittedElsewhereAtThisMoment) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    EXPECT_EQ(reason(show(1, text(1))), Reason::Used);
    EXPECT_FALSE(gate_->override_refusal(1, kAnna, "twins"));
    EXPECT_TRUE(turnstile(1).releases.empty());
}

TEST_F(GateActs, TakesAPassageBackByItsEntry) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    const Watermark admission{ledger_.head().epoch, turnstile().releases[0]};
    EXPECT_EQ(gate_->annul(admission, kAnna, "mistake"), AnnulAnswer::StillOpen);
    pass(0);
    EXPECT_EQ(reason(show(1, text(1))), Reason::Used);
    EXPECT_EQ(gate_->annul(admission, kAnna, "went home"), AnnulAnswer::Done);
    EXPECT_EQ(gate_->annul(admission, kAnna, "went home"), AnnulAnswer::Already);
    ASSERT_EQ(entries<Annulled>().size(), 1U);
    EXPECT_EQ(entries<Annulled>()[0].person, "Anna");
    EXPECT_EQ(answer_to(1, text(1)), Outcome::Admit);
}

TEST_F(GateActs, TakesNothingBackThatItDoesNotKnow) {
    EXPECT_EQ(gate_->annul("no-such-nonce", kAnna, "mistake"), AnnulAnswer::Unknown);
    EXPECT_EQ(gate_->annul(Watermark{1, 1}, kAnna, "mistake"), AnnulAnswer::Unknown);
    EXPECT_TRUE(entries<Annulled>().empty());
}

TEST_F(GateActs, OpensAllLanesForFireAndLocksNoneOfThem) {
    ASSERT_TRUE(gate_->set_mode(1, LaneMode::Locked, kAnna, "night"));
    turnstile(0).tell(devices::Signal::FireOn);
    EXPECT_EQ(turnstile(0).free, devices::Ways::Both);
    EXPECT_EQ(turnstile(1).free, devices::Ways::Both);
    ASSERT_TRUE(gate_->set_mode({}, LaneMode::Locked, kAnna, "mistake"));
    EXPECT_TRUE(turnstile(1).open_now);
    gate_->fire(FireInput::Active);
    turnstile(0).tell(devices::Signal::FireOff);
    EXPECT_TRUE(turnstile(0).open_now) << "the panel still says fire";
    gate_->fire(FireInput::Over);
    EXPECT_FALSE(turnstile(0).open_now);
    EXPECT_FALSE(turnstile(1).open_now);
    settle();
    EXPECT_EQ(entries<LaneEvent>().size(), 4U) << "begun and ended, at each lane";
}

TEST_F(GateActs, OpensForFireEvenWhenNothingCanBeWritten) {
    const test::NoWriting disk;
    gate_->fire(FireInput::Active);
    EXPECT_TRUE(turnstile().open_now);
}

TEST_F(GateActs, DoesNothingThatItCannotRecord) {
    const test::NoWriting disk;
    EXPECT_FALSE(gate_->open_once(0, kAnna, "pram"));
    EXPECT_FALSE(gate_->set_mode(0, LaneMode::Free, kAnna, "fair"));
    EXPECT_TRUE(turnstile().releases.empty());
    EXPECT_FALSE(turnstile().open_now);
    EXPECT_EQ(mode_of(0), LaneMode::Normal);
}

}  // namespace
}  // namespace stile
