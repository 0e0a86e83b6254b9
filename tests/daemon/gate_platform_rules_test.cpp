// SPDX-License-Identifier: Apache-2.0
// Other lists of the platform, and another policy, for a gate that runs.
#include "tests/daemon/gate_platform_fixture.hpp"

namespace stile::test {
namespace {

const Actor kSupervisor{"anna", "supervisor"};

class GatePlatformRules : public GatePlatformTest {
protected:
    void ask_nothing() {
        rules_.platform.reset();
        for (LaneTerms& lane : rules_.lanes)
            lane.lists.clear();
        gate_->take_rules(rules_);
    }
};

TEST_F(GatePlatformRules, AListThatIsNamedIsAskedAtOnce) {
    make_gate({{}, {}});
    take_book();
    EXPECT_EQ(reason(show(0, "first")), Reason::Invalid);
    rules_.platform = platform_;
    rules_.lanes[0].lists = {{"demo", 7}};
    gate_->take_rules(rules_);
    EXPECT_EQ(answer_to(0, "first"), Outcome::Admit);
    EXPECT_EQ(answer_to(1, "second"), Outcome::Refuse) << "only the one lane asks it";
}

TEST_F(GatePlatformRules, AListThatIsGoneIsAskedNoMore) {
    ask_nothing();
    EXPECT_EQ(reason(show(0, "first")), Reason::Invalid);
}

TEST_F(GatePlatformRules, ThePlatformStillHearsThatNobodyPassed) {
    make_lanes(1, 7, 20ms);
    EXPECT_EQ(answer_to(0, "first"), Outcome::Admit);
    ask_nothing();
    run_until([&] { return !entries<Passage>().empty(); });
    EXPECT_EQ(entries<Passage>()[0].result, PassageResult::Released);
    const auto told = records();
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[1]["kind"], "annul");
    EXPECT_EQ(told[1]["list"], 7);
}

TEST_F(GatePlatformRules, ARefusalAtAListThatIsGoneIsNotOverridden) {
    EXPECT_EQ(reason(show(0, "unpaid")), Reason::Unpaid);
    ask_nothing();
    EXPECT_EQ(gate_->override_refusal(0, kSupervisor, "paid in cash"), Overridden::Armed);
}

TEST_F(GatePlatformRules, ARefusalOfTheGatesOwnIsNotOverriddenPastAPlatformThatSellsTheEventNow) {
    crypto::Gt1Fields fields = kFields;
    fields.event = event_number("demo");
    crypto::KeyRecord record = tests::test_record(tests::test_key(1));
    record.events = {fields.event};
    ring_ = tests::ring_of(record);
    make_gate({{}});
    take_book();
    fields.not_before = fields.not_after - 1;
    EXPECT_EQ(reason(show(0, text(fields))), Reason::InvalidTime);
    rules_.platform = platform_;
    rules_.lanes[0].lists = {{"demo", 7}};
    gate_->take_rules(rules_);
    EXPECT_EQ(gate_->override_refusal(0, kSupervisor, "has a stamp"), Overridden::Armed);
}

TEST_F(GatePlatformRules, ARefusalAtAListThatStaysIs) {
    EXPECT_EQ(reason(show(0, "unpaid")), Reason::Unpaid);
    gate_->take_rules(rules_);
    EXPECT_EQ(gate_->override_refusal(0, kSupervisor, "paid in cash"), Overridden::Admitted);
}

}  // namespace
}  // namespace stile::test
