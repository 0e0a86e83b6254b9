// SPDX-License-Identifier: Apache-2.0
// The live gate asks the platform's lists, and the platform hears what came of it.
#include "tests/daemon/gate_platform_fixture.hpp"

namespace stile::test {
namespace {

TEST_F(GatePlatformTest, AKnownSecretOpensOnce) {
    EXPECT_EQ(answer_to(0, "first"), Outcome::Admit);
    pass(0);
    EXPECT_EQ(reason(show(1, "first")), Reason::Used);
    const auto decided = entries<Decided>();
    ASSERT_EQ(decided.size(), 2U);
    EXPECT_EQ(decided[0].list, 7U);
    EXPECT_EQ(decided[0].event, event_number("demo"));
    EXPECT_EQ(decided[0].product, 1U);
    EXPECT_EQ(decided[1].ticket, decided[0].ticket);
    EXPECT_NE(decided[0].ticket, crypto::TicketId{});
}

TEST_F(GatePlatformTest, ThePlatformHearsOfBoth) {
    EXPECT_EQ(answer_to(0, "first"), Outcome::Admit);
    EXPECT_EQ(reason(show(1, "first")), Reason::Used);
    const auto told = records();
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0]["kind"], "redeem");
    EXPECT_EQ(told[0]["event"], "demo");
    EXPECT_EQ(told[0]["list"], 7);
    EXPECT_EQ(told[0]["secret"], "first");
    EXPECT_EQ(told[1]["kind"], "failed");
    EXPECT_EQ(told[1]["error_reason"], "already_redeemed");
}

TEST_F(GatePlatformTest, TheSameSecretAtTwoLanesInOneBatchOpensOne) {
    const auto one = show(0, "first");
    const auto other = show(1, "first");
    EXPECT_EQ(outcome(one), Outcome::Admit);
    EXPECT_EQ(reason(other), Reason::Used);
    EXPECT_TRUE(turnstiles_[1]->releases.empty());
}

TEST_F(GatePlatformTest, AnAdmittedSecretInViewIsNoNewScan) {
    EXPECT_EQ(answer_to(0, "first"), Outcome::Admit);
    EXPECT_EQ(answer_to(0, "first"), Outcome::Same);
    EXPECT_EQ(answer_to(0, "second"), Outcome::Wait);
}

TEST_F(GatePlatformTest, RefusesForItsReason) {
    EXPECT_EQ(reason(show(0, "unpaid")), Reason::Unpaid);
    EXPECT_EQ(reason(show(0, "cancelled")), Reason::Canceled);
    EXPECT_EQ(reason(show(0, "nobody's")), Reason::Invalid);
    EXPECT_TRUE(turnstiles_[0]->releases.empty());
}

TEST_F(GatePlatformTest, AnUnpaidOrderMayPassWhereGateAndListAgree) {
    platform_->unpaid = ListFacts::Unpaid::Ignore;
    make_lanes(1);
    EXPECT_EQ(reason(show(0, "unpaid")), Reason::Unpaid);  // the list does not agree
}

TEST_F(GatePlatformTest, ABlockedSecretIsRefused) {
    load({order("A", {position(1, "first", {{"blocked", {"admin"}}})})});
    take_book();
    EXPECT_EQ(reason(show(0, "first")), Reason::Blocked);
}

TEST_F(GatePlatformTest, TwoPositionsOfOneSecretAreAmbiguous) {
    load({order("A", {position(1, "first")}), order("B", {position(2, "first")})});
    EXPECT_EQ(reason(show(0, "first")), Reason::Ambiguous);
}

TEST_F(GatePlatformTest, NobodyPassedSoTheTicketIsGoodAndThePlatformKnows) {
    make_lanes(2, 7, 20ms);
    EXPECT_EQ(answer_to(0, "first"), Outcome::Admit);
    run_until([&] { return entries<Passage>().size() == 1; });
    EXPECT_EQ(entries<Passage>()[0].result, PassageResult::Released);
    const auto told = records();
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[1]["kind"], "annul");
    EXPECT_EQ(told[1]["nonce"], told[0]["nonce"]);
    EXPECT_EQ(told[1]["event"], "demo");
    EXPECT_EQ(told[1]["list"], 7);
    EXPECT_EQ(told[1]["error_explanation"], "Turnstile did not turn");
    EXPECT_EQ(answer_to(1, "first"), Outcome::Admit);
}

TEST_F(GatePlatformTest, WhoPassedIsNotTakenBack) {
    EXPECT_EQ(answer_to(0, "first"), Outcome::Admit);
    pass(0);
    EXPECT_EQ(records().size(), 1U);
}

TEST_F(GatePlatformTest, StaffTakeACheckInBackByItsEntry) {
    EXPECT_EQ(answer_to(0, "first"), Outcome::Admit);
    pass(0);
    const Watermark entry{ledger_.head().epoch, ledger_.head().seq - 1};  // before its Passage
    EXPECT_EQ(gate_->annul(entry, {"ann", "lead"}, "wrong door").value(), AnnulAnswer::Done);
    const auto told = records();
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[1]["kind"], "annul");
    EXPECT_EQ(told[1]["nonce"], told[0]["nonce"]);
    EXPECT_EQ(told[1]["error_explanation"], "wrong door");
    EXPECT_EQ(gate_->annul(entry, {"ann", "lead"}, "again").value(), AnnulAnswer::Already);
    EXPECT_EQ(records().size(), 2U);
    EXPECT_EQ(answer_to(1, "first"), Outcome::Admit);
}

TEST_F(GatePlatformTest, StaffTakeACheckInBackByItsNonce) {
    EXPECT_EQ(answer_to(0, "first"), Outcome::Admit);
    pass(0);
    const std::string nonce = records()[0]["nonce"];
    EXPECT_EQ(gate_->annul(nonce, {"ann", "lead"}, "wrong door").value(), AnnulAnswer::Done);
    EXPECT_EQ(records()[1]["nonce"], nonce);
}

TEST_F(GatePlatformTest, ARefusalCanBeOverriddenAndIsACheckIn) {
    EXPECT_EQ(reason(show(0, "unpaid")), Reason::Unpaid);
    EXPECT_EQ(gate_->override_refusal(0, {"ann", "lead"}, "paid at the desk").value(),
              Overridden::Admitted);
    const auto told = records();
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[1]["kind"], "redeem");
    EXPECT_EQ(told[1]["secret"], "unpaid");
    EXPECT_EQ(entries<Decided>()[1].reason, Reason::Unpaid);
    EXPECT_EQ(entries<Decided>()[1].flags & kFlagOverride, kFlagOverride);
}

TEST_F(GatePlatformTest, NobodyThatIsKnownIsNotOverridden) {
    EXPECT_EQ(reason(show(0, "nobody's")), Reason::Invalid);
    EXPECT_EQ(gate_->override_refusal(0, {"ann", "lead"}, "looks honest").value(),
              Overridden::Armed);
    EXPECT_EQ(reason(show(0, "nobody's too")), Reason::Invalid);
    EXPECT_EQ(answer_to(0, "unpaid"), Outcome::Admit);
}

TEST_F(GatePlatformTest, AProductThatStaffShouldSeeIsFlagged) {
    EXPECT_EQ(answer_to(0, "second"), Outcome::Admit);
    EXPECT_EQ(entries<Decided>()[0].flags, kFlagAttention);
}

TEST_F(GatePlatformTest, ShowsTheTextOfTheProduct) {
    const auto scan = show(0, "first");
    EXPECT_EQ(outcome(scan), Outcome::Admit);
    EXPECT_EQ(answers_[scan].advice, "Welcome");
}

TEST_F(GatePlatformTest, ARuleRefusesAndSaysWhichConditionWasNearest) {
    make_lanes(2, 9);
    EXPECT_EQ(answer_to(0, "first"), Outcome::Admit);
    pass(0);
    const auto again = show(1, "first");
    EXPECT_EQ(reason(again), Reason::Rules);
    EXPECT_NE(answers_[again].advice.find("per day"), std::string::npos) << answers_[again].advice;
    clock_.advance(24h);
    EXPECT_EQ(answer_to(1, "first"), Outcome::Admit);
}

TEST_F(GatePlatformTest, AnExitMakesTheTicketGoodAgainWhereTheListSaysSo) {
    const std::vector<PlatformList> lists{{"demo", 8}};
    make_gate({{.lists = lists}, {.direction = Direction::Exit, .lists = lists}, {.lists = lists}});
    take_book();
    for (const std::size_t lane : {0U, 1U, 2U}) {
        EXPECT_EQ(answer_to(lane, "first"), Outcome::Admit);
        pass(lane);
        clock_.advance(10s);
    }
    EXPECT_EQ(records()[1]["type"], "exit");
}

TEST_F(GatePlatformTest, AMediumStandsForItsPosition) {
    load({order("A", {position(1, "first")})}, {rows(Resource::Media, "",
                                                     {{{"id", 5},
                                                       {"type", "barcode"},
                                                       {"identifier", "BAND"},
                                                       {"active", true},
                                                       {"updated", "2026-01-01T00:00:00Z"},
                                                       {"linked_orderposition", 1}}})});
    EXPECT_EQ(answer_to(0, "BAND"), Outcome::Admit);
    EXPECT_EQ(reason(show(1, "first")), Reason::Used);
    EXPECT_EQ(records()[0]["secret"], "first");
}

TEST_F(GatePlatformTest, TicketsOfOtherEventsKeepTheGatesOwnList) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    EXPECT_EQ(reason(show(1, text(1))), Reason::Used);
    EXPECT_EQ(entries<Decided>()[0].list, 0U);
    EXPECT_TRUE(records().empty());
}

}  // namespace
}  // namespace stile::test
