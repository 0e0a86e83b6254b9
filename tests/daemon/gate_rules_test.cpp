// SPDX-License-Identifier: Apache-2.0
// Other rules for a gate that runs: what changes with the next scan, and what goes on.
#include "tests/daemon/gate_fixture.hpp"

namespace stile::test {
namespace {

const Actor kSupervisor{"anna", "supervisor"};

class GateRulesTest : public GateTest {
protected:
    void trust(std::uint8_t key) {
        rules_.keys = tests::ring_of(tests::test_record(tests::test_key(key)));
        gate_->take_rules(rules_);
    }
    static std::string signed_by(std::uint8_t key, std::uint64_t serial) {
        crypto::Gt1Fields fields = kFields;
        fields.serial = serial;
        return crypto::gt1_text(tests::test_ticket(fields, tests::test_key(key)));
    }
};

TEST_F(GateRulesTest, ATicketOfAKeyThatIsGoneIsRefusedFromTheNextScanOn) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    trust(2);
    EXPECT_EQ(reason(show(1, text(2))), Reason::Invalid);
}

TEST_F(GateRulesTest, ATicketOfANewKeyIsAdmitted) {
    EXPECT_EQ(reason(show(0, signed_by(2, 1))), Reason::Invalid);
    trust(2);
    EXPECT_EQ(answer_to(0, signed_by(2, 1)), Outcome::Admit);
}

TEST_F(GateRulesTest, ScansInLineAreDecidedByTheNewOnesAndNoneIsLost) {
    const auto first = show(0, text(1));
    const auto second = show(1, signed_by(2, 2));
    trust(2);
    EXPECT_EQ(reason(first), Reason::Invalid);
    EXPECT_EQ(outcome(second), Outcome::Admit);
    EXPECT_EQ(answers_.size(), 2U);
}

TEST_F(GateRulesTest, ATicketThatIsUsedStaysUsed) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    pass(0);
    gate_->take_rules(rules_);
    EXPECT_EQ(reason(show(1, text(1))), Reason::Used);
}

TEST_F(GateRulesTest, AnOpenAdmissionKeepsTheTimeThatItWasGiven) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    rules_.lanes[0].passage_timeout = 5s;
    gate_->take_rules(rules_);
    ASSERT_TRUE(gate_->lanes()[0].busy());
    EXPECT_EQ(gate_->lanes()[0].released()->hold, 60s);
    pass(0);
    EXPECT_EQ(entries<Passage>()[0].result, PassageResult::Entered);
    EXPECT_EQ(answer_to(0, text(2)), Outcome::Admit);
    EXPECT_EQ(gate_->lanes()[0].released()->hold, 5s);
}

TEST_F(GateRulesTest, TheSitesOwnListIsAnotherOne) {
    rules_.products = {99};
    gate_->take_rules(rules_);
    EXPECT_EQ(reason(show(0, text(1))), Reason::Product);
    rules_.products = {};
    rules_.events = {99};
    gate_->take_rules(rules_);
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Refuse);
}

TEST_F(GateRulesTest, AWordOfTheStaffGoesOnWaiting) {
    EXPECT_EQ(gate_->override_refusal(0, kSupervisor, "a friend"), Overridden::Armed);
    rules_.products = {99};
    gate_->take_rules(rules_);
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
}

TEST_F(GateRulesTest, AWordByACredentialDoesNotOutliveIt) {
    EXPECT_EQ(gate_->override_refusal(0, {"staff-7", "staff"}, "a friend"), Overridden::Armed);
    rules_.products = {99};
    rules_.staff_products = {5};
    gate_->take_rules(rules_);
    EXPECT_EQ(reason(show(0, text(1))), Reason::Product);
}

TEST_F(GateRulesTest, AWordIsForgottenWithTheRoles) {
    EXPECT_EQ(gate_->override_refusal(0, kSupervisor, "a friend"), Overridden::Armed);
    rules_.products = {99};
    gate_->take_rules(rules_);
    gate_->forget_words();
    EXPECT_EQ(reason(show(0, text(1))), Reason::Product);
}

TEST_F(GateRulesTest, ARefusalThatStandsCanStillBeOverridden) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    pass(0);
    EXPECT_EQ(reason(show(1, text(1))), Reason::Used);
    gate_->take_rules(rules_);
    EXPECT_EQ(gate_->override_refusal(1, kSupervisor, "has a stamp"), Overridden::Admitted);
}

TEST_F(GateRulesTest, ARefusedTicketOfAKeyThatIsGoneIsNeverOverridden) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    pass(0);
    EXPECT_EQ(reason(show(1, text(1))), Reason::Used);
    trust(2);
    EXPECT_EQ(gate_->override_refusal(1, kSupervisor, "has a stamp"), Overridden::Armed);
    EXPECT_EQ(reason(show(1, text(1))), Reason::Invalid) << "it waits for a genuine one";
}

TEST_F(GateRulesTest, AnEntranceIsShownAtOnce) {
    signs_.clear();
    rules_.lanes[1].entrance = "South";
    gate_->take_rules(rules_);
    ASSERT_EQ(signs_.size(), 1U);
    EXPECT_EQ(signs_[0].first, 1U);
    EXPECT_EQ(signs_[0].second.entrance, "South");
}

TEST_F(GateRulesTest, AWeekIsFollowedFromThenOn) {
    rules_.lanes[0].schedule = {{0x7F, 6h, LaneMode::Locked}};
    gate_->take_rules(rules_);
    run_until([&] { return gate_->lanes()[0].mode() == LaneMode::Locked; });
    EXPECT_EQ(gate_->lanes()[1].mode(), LaneMode::Normal);
}

TEST_F(GateRulesTest, ATicketOfTheStaffOpensNothingWithoutItsProduct) {
    staff_products_ = {kFields.product};
    make_gate({{}, {}});
    EXPECT_EQ(reason(show(0, text(1))), Reason::Assurance) << "the staff's need a proof";
    rules_.staff_products = {};
    gate_->take_rules(rules_);
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
}

}  // namespace
}  // namespace stile::test
