// SPDX-License-Identifier: Apache-2.0
// What the lanes of a gate show, from scan to passage.
#include "tests/daemon/gate_fixture.hpp"

namespace stile::test {
namespace {

using protocol::SignState;

class GateSigns : public GateTest {
protected:
    std::vector<SignState> states() const {
        std::vector<SignState> out;
        for (const auto& [lane, sign] : signs_)
            out.push_back(sign.state);
        return out;
    }
    const LaneSign& last() const { return signs_.back().second; }
};

TEST_F(GateSigns, AreKnownBeforeAnythingHappens) {
    EXPECT_TRUE(signs_.empty());
    EXPECT_EQ(gate_->sign(1), (LaneSign{.entrance = "North"}));
}

TEST_F(GateSigns, SayGoWithTheSeatUntilTheGuestHasPassed) {
    crypto::Gt1Fields fields = kFields;
    fields.seat = crypto::InlineText<24>{"Block C 4"};
    EXPECT_EQ(answer_to(0, text(fields)), Outcome::Admit);
    ASSERT_EQ(states(), (std::vector{SignState::Go}));
    EXPECT_EQ(signs_.front().first, 0U);
    EXPECT_EQ(last().seat, "Block C 4");
    EXPECT_EQ(last().entrance, "North");
    EXPECT_TRUE(last().until);
    pass(0);
    EXPECT_EQ(states(), (std::vector{SignState::Go, SignState::Idle}));
}

TEST_F(GateSigns, CountAGroupDown) {
    crypto::Gt1Fields fields = kFields;
    fields.admissions = 2;
    EXPECT_EQ(answer_to(0, text(fields)), Outcome::Admit);
    EXPECT_EQ(last().people, 2);
    turnstiles_[0]->pass();
    run_until([this] { return signs_.size() == 2; });
    EXPECT_EQ(last().state, SignState::Go);
    EXPECT_EQ(last().people, 1);
    EXPECT_EQ(last().since, signs_.front().second.since);
}

TEST_F(GateSigns, SayStopWithTheReasonAndEndByThemselves) {
    EXPECT_EQ(answer_to(0, "GT1:RUBBISH"), Outcome::Refuse);
    ASSERT_EQ(states(), (std::vector{SignState::Stop}));
    EXPECT_EQ(last().reason, Reason::Invalid);
    run_until([this] { return signs_.size() == 2; });
    EXPECT_EQ(last().state, SignState::Idle);
}

TEST_F(GateSigns, SayStopAgainForTheNextRefusalWithTheSameReason) {
    EXPECT_EQ(answer_to(0, "GT1:RUBBISH"), Outcome::Refuse);
    EXPECT_EQ(answer_to(0, "GT1:RUBBISH"), Outcome::Refuse);
    EXPECT_EQ(states(), (std::vector{SignState::Stop, SignState::Stop}));
}

TEST_F(GateSigns, StayForTheGuestWhoIsPassingWhenAnotherShowsATicket) {
    EXPECT_EQ(answer_to(0, text(1)), Outcome::Admit);
    EXPECT_EQ(answer_to(0, text(2)), Outcome::Wait);
    EXPECT_EQ(answer_to(0, "GT1:RUBBISH"), Outcome::Wait);
    EXPECT_EQ(states(), (std::vector{SignState::Go}));
}

TEST_F(GateSigns, AreEachLanesOwn) {
    EXPECT_EQ(answer_to(1, text(1)), Outcome::Admit);
    EXPECT_EQ(signs_.front().first, 1U);
    EXPECT_EQ(gate_->sign(0).state, SignState::Idle);
    EXPECT_EQ(gate_->sign(1).state, SignState::Go);
}

TEST_F(GateSigns, SayGoWhenTheStaffOpenALane) {
    EXPECT_EQ(answer_to(0, "GT1:RUBBISH"), Outcome::Refuse);
    ASSERT_TRUE(gate_->open_once(0, {"ann", "operator"}, "pram"));
    EXPECT_EQ(last().state, SignState::Go);
    EXPECT_EQ(last().reason, Reason::Valid);
    EXPECT_EQ(last().words, "");
}

TEST_F(GateSigns, SayGoWithoutTheRefusalsReasonWhenTheStaffOverrideIt) {
    EXPECT_EQ(answer_to(0, text(5)), Outcome::Admit);
    pass(0);
    EXPECT_EQ(answer_to(1, text(5)), Outcome::Refuse);
    EXPECT_EQ(last().reason, Reason::Used);
    ASSERT_TRUE(gate_->override_refusal(1, {"sue", "supervisor"}, "lost the child"));
    EXPECT_EQ(last().state, SignState::Go);
    EXPECT_EQ(last().reason, Reason::Valid);
}

TEST_F(GateSigns, FollowTheModeOfALane) {
    const Actor actor{"sue", "security"};
    for (const auto& [mode, state] : {std::pair{LaneMode::Free, SignState::FreePassage},
                                      std::pair{LaneMode::Locked, SignState::Locked},
                                      std::pair{LaneMode::ExitOnly, SignState::ExitOnly},
                                      std::pair{LaneMode::OutOfOrder, SignState::OutOfOrder},
                                      std::pair{LaneMode::Normal, SignState::Idle}}) {
        ASSERT_TRUE(gate_->set_mode(0, mode, actor, "test"));
        EXPECT_EQ(last().state, state);
    }
}

TEST_F(GateSigns, ShowFireOnAllLanesAndItsEnd) {
    gate_->fire(FireInput::Active);
    EXPECT_EQ(states(), (std::vector{SignState::Fire, SignState::Fire}));
    gate_->fire(FireInput::Over);
    EXPECT_EQ(gate_->sign(0).state, SignState::Idle);
}

TEST_F(GateSigns, ShowThatATurnstileIsGone) {
    turnstiles_[0]->tell(devices::Signal::Gone);
    EXPECT_EQ(gate_->sign(0).state, SignState::OutOfOrder);
    turnstiles_[0]->tell(devices::Signal::Back);
    EXPECT_EQ(gate_->sign(0).state, SignState::Idle);
}

}  // namespace
}  // namespace stile::test
