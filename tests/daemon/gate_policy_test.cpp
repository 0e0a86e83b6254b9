// SPDX-License-Identifier: Apache-2.0
// The venue's policy at the live gate: areas, capacity, doubts.
#include "tests/daemon/gate_policy_fixture.hpp"

namespace stile::test {
namespace {

TEST_F(GatePolicyTest, HardPassbackRefusesUntilTheTicketHasLeft) {
    apply_arena("passback = \"hard\"");
    expect_pass(0, text(1));
    const auto again = show(1, text(1));
    EXPECT_EQ(reason(again), Reason::Passback);
    EXPECT_EQ(advice(again), "This ticket is already in the arena. Please ask the staff.");
    expect_pass(2, text(1));
    EXPECT_EQ(answer_to(1, text(1)), Outcome::Admit);
}

TEST_F(GatePolicyTest, SoftPassbackAdmitsWithAFlag) {
    apply_arena("passback = \"soft\"");
    expect_pass(0, text(1));
    EXPECT_EQ(answer_to(1, text(1)), Outcome::Admit);
    EXPECT_EQ(entries<Decided>()[0].flags, 0);
    EXPECT_EQ(entries<Decided>()[1].flags, std::to_underlying(PolicyFlag::Passback));
}

TEST_F(GatePolicyTest, AnAdmissionNamesItsArea) {
    apply_arena("");
    expect_pass(0, text(1));
    EXPECT_EQ(entries<Decided>()[0].area, 1U);
    EXPECT_EQ(ledger_.area(1)->inside, 1);
    expect_pass(2, text(1));
    EXPECT_EQ(ledger_.area(1)->inside, 0);
}

TEST_F(GatePolicyTest, TheLastPlaceIsGivenOnceInOneBatch) {
    apply_arena("capacity = 1");
    const auto one = show(0, text(1));
    const auto other = show(1, text(2));
    EXPECT_EQ(outcome(one), Outcome::Admit);
    EXPECT_EQ(reason(other), Reason::Capacity);
    EXPECT_EQ(advice(other), "the arena is full. Please wait here.");
}

TEST_F(GatePolicyTest, WhoLeavesMakesRoom) {
    apply_arena("capacity = 1");
    expect_pass(0, text(1));
    EXPECT_EQ(reason(show(1, text(2))), Reason::Capacity);
    expect_pass(2, text(1));
    EXPECT_EQ(answer_to(1, text(2)), Outcome::Admit);
}

TEST_F(GatePolicyTest, NobodyPassedSoThereIsRoom) {
    venue_ = policy(std::string{kArena}.append("capacity = 1\n").append(kWays));
    make_gate({{.passage_timeout = 20ms}, {}, {.direction = Direction::Exit}});
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    run_until([&] { return entries<Passage>().size() == 1; });
    EXPECT_EQ(ledger_.area(1)->coming, 0);
    EXPECT_EQ(answer_to(1, text(2)), Outcome::Admit);
}

TEST_F(GatePolicyTest, NobodyIsKeptInside) {
    apply_arena("capacity = 1\npassback = \"hard\"");
    EXPECT_EQ(answer_to(2, text(1)), Outcome::Admit);  // was never seen to enter
    EXPECT_EQ(entries<Decided>()[0].flags, std::to_underlying(PolicyFlag::Passback));
}

TEST_F(GatePolicyTest, AnExemptClassNeedsNoRoom) {
    apply("[[class]]\nname = \"crew\"\nexempt = [\"capacity\"]\n" + std::string{kArena} +
          "capacity = 1\n" + std::string{kWays} +
          "[[product]]\nname = \"crew\"\nids = [99]\nclass = \"crew\"\n");
    expect_pass(0, text(1));
    crypto::Gt1Fields crew = fields(2);
    crew.product = 99;
    EXPECT_EQ(reason(show(1, text(3))), Reason::Capacity);
    EXPECT_EQ(answer_to(1, text(crew)), Outcome::Admit);
}

TEST_F(GatePolicyTest, AResetBeginsTheCountAnew) {
    apply_arena("capacity = 1\npassback = \"hard\"\ndaily_reset = \"06:00\"");
    expect_pass(0, text(1));
    EXPECT_EQ(reason(show(1, text(2))), Reason::Capacity);
    clock_.advance(24h);
    expect_pass(1, text(2));
    EXPECT_EQ(ledger_.area(1)->inside, 1);
    EXPECT_EQ(reason(show(0, text(3))), Reason::Capacity);
    expect_pass(2, text(1));  // forgotten: taken off nowhere
    EXPECT_EQ(ledger_.area(1)->inside, 1);
}

TEST_F(GatePolicyTest, WhoIsAtTheTurnstileAtTheResetIsCountedOnce) {
    apply_arena("daily_reset = \"06:00\"");
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    clock_.advance(24h);
    EXPECT_EQ(answer_to(1, text(2)), Outcome::Admit);
    pass(0);
    pass(1);
    EXPECT_EQ(ledger_.area(1)->inside, 2);
    EXPECT_EQ(ledger_.area(1)->coming, 0);
}

TEST_F(GatePolicyTest, AnOverrideGoesWhereTheLaneLeads) {
    apply_arena("capacity = 1");
    expect_pass(0, text(1));
    EXPECT_EQ(reason(show(1, text(2))), Reason::Capacity);
    EXPECT_EQ(gate_->override_refusal(1, {"ann", "lead"}, "her child is inside").value(),
              Overridden::Admitted);
    pass(1);
    EXPECT_EQ(ledger_.area(1)->inside, 2);
    EXPECT_EQ(entries<Decided>().back().flags, kFlagOverride);
}

TEST_F(GatePolicyTest, AClosedLaneSaysSoAndNotWhatThePolicySays) {
    apply_arena("capacity = 1");
    expect_pass(0, text(1));
    ASSERT_TRUE(gate_->set_mode(1, LaneMode::Locked, {"ann", "lead"}, "break"));
    const auto scan = show(1, text(2));
    EXPECT_EQ(reason(scan), Reason::LaneClosed);
    EXPECT_EQ(advice(scan), text_of(Reason::LaneClosed).advice);
}

TEST_F(GatePolicyTest, OldListsRefuseOrAreFlagged) {
    list_age_ = 25h;
    apply("[freshness]\nwhen_stale = \"refuse\"\n");
    EXPECT_EQ(reason(show(0, text(1))), Reason::StaleLists);
    list_age_.reset();
    EXPECT_EQ(reason(show(0, text(1))), Reason::StaleLists);
    list_age_ = 23h;
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    list_age_ = 25h;
    apply("[freshness]\nwhen_stale = \"flag\"\n");
    EXPECT_EQ(answer_to(1, text(2)), Outcome::Admit);
    EXPECT_EQ(entries<Decided>().back().flags, std::to_underlying(PolicyFlag::StaleLists));
}

TEST_F(GatePolicyTest, ADoubtfulClockIsAskedFor) {
    apply("[clock]\ntimed_unsynced = \"flag\"\ntimed_wrong = \"refuse\"\n");
    clock_.quality = ClockQuality::Holdover;
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    clock_.quality = ClockQuality::Unsynced;
    EXPECT_EQ(answer_to(1, text(2)), Outcome::Admit);
    EXPECT_EQ(entries<Decided>()[0].flags, 0);
    EXPECT_EQ(entries<Decided>()[1].flags, std::to_underlying(PolicyFlag::Clock));
    apply("[clock]\ntimed_wrong = \"refuse\"\n");
    clock_.quality = ClockQuality::Wrong;
    EXPECT_EQ(reason(show(0, text(3))), Reason::Clock);
}

TEST_F(GatePolicyTest, AWeakProofIsRefusedBeforeItIsUsed) {
    apply("[[product]]\nname = \"all\"\nassurance = \"A2\"\n");
    EXPECT_EQ(reason(show(0, text(1))), Reason::Assurance);
    EXPECT_EQ(reason(show(0, text(1))), Reason::Assurance);
}

TEST_F(GatePolicyTest, AUsedTicketIsUsedBeforeAnythingElseIsSaidOfIt) {
    apply("", Reentry::Never);
    expect_pass(0, text(1));
    EXPECT_EQ(reason(show(1, text(1))), Reason::Used);
}

TEST_F(GatePolicyTest, AGroupGoesTogetherForAsLongAsItsProductSays) {
    apply("[[product]]\nname = \"family\"\ngroup = \"together\"\nrelease_ms = 20000\n",
          Reentry::Never);
    crypto::Gt1Fields family = fields(1);
    family.admissions = 4;
    EXPECT_EQ(answer_to(0, text(family)), Outcome::Admit);
    EXPECT_EQ(turnstiles_[0]->terms.people, 4);
    EXPECT_EQ(turnstiles_[0]->terms.hold, 20'030ms);  // and 10 ms for each further one
}

TEST_F(GatePolicyTest, WithoutTogetherAGroupGoesOneByOne) {
    apply("", Reentry::Never);
    crypto::Gt1Fields family = fields(1);
    family.admissions = 4;
    EXPECT_EQ(answer_to(0, text(family)), Outcome::Admit);
    EXPECT_EQ(turnstiles_[0]->terms.people, 1);
    EXPECT_EQ(turnstiles_[0]->terms.hold, 60s);
}

}  // namespace
}  // namespace stile::test
