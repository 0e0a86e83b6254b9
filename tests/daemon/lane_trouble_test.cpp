// SPDX-License-Identifier: Apache-2.0
// Sensors, arms and devices of one lane that do not do what they should.
#include "tests/daemon/lane_fixture.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using devices::Signal;
using test::LaneTest;

class TwoSensorLaneTest : public LaneTest {
protected:
    TwoSensorLaneTest() : LaneTest{{.second_sensor = true}} {}
    void walk_in() {
        for (const Signal s :
             {Signal::OuterCovered, Signal::InnerCovered, Signal::OuterClear, Signal::InnerClear})
            tell(s);
    }
    void walk_out() {
        for (const Signal s :
             {Signal::InnerCovered, Signal::OuterCovered, Signal::InnerClear, Signal::OuterClear})
            tell(s);
    }
};

class FeedbackLaneTest : public LaneTest {
protected:
    FeedbackLaneTest() : LaneTest{{.arm_feedback = true}} {}
};

TEST_F(LaneTest, TellsOnceThatTheSensorIsStuckAndOnceThatItIsFree) {
    tell(Signal::OuterCovered);
    wait(30s);
    EXPECT_EQ(kinds(), Kinds{LaneEventKind::SensorStuck});
    tell(Signal::OuterClear);
    EXPECT_EQ(kinds(), (Kinds{LaneEventKind::SensorStuck, LaneEventKind::SensorFree}));
}

TEST_F(LaneTest, PresumesThatSomebodyPassedASensorThatIsStuck) {
    tell(Signal::OuterCovered);
    wait(11s);
    release(2);
    wait(8s);
    ASSERT_EQ(outcomes_.size(), 1U) << "with tape on the sensor a ticket admits once, as ever";
    EXPECT_EQ(outcomes_[0].result, PassageResult::PresumedEntered);
    EXPECT_EQ(outcomes_[0].people, 2);
}

TEST_F(LaneTest, PresumesSoWhenItBecomesStuckAfterTheLock) {
    release();
    wait(7s);
    tell(Signal::OuterCovered);
    wait(10s);
    ASSERT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(outcomes_[0].result, PassageResult::PresumedEntered);
}

TEST_F(LaneTest, CountsAGuestWhoStoodThereForLong) {
    Released slow{.hold = 60s};
    lane_.release(slow, now_);
    tell(Signal::OuterCovered);
    wait(12s);
    tell(Signal::OuterClear);
    ASSERT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(outcomes_[0].result, PassageResult::Entered);
}

TEST_F(LaneTest, PresumesThatSomebodyPassedADeviceThatIsGone) {
    release();
    tell(Signal::Gone);
    ASSERT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(outcomes_[0].result, PassageResult::PresumedEntered);
    EXPECT_EQ(lane_.state(), LaneState::OutOfOrder);
    EXPECT_TRUE(lane_.closed(Direction::Exit));
    tell(Signal::Gone);
    tell(Signal::Back);
    EXPECT_EQ(kinds(), (Kinds{LaneEventKind::DeviceGone, LaneEventKind::DeviceBack}));
    EXPECT_EQ(lane_.state(), LaneState::Idle);
    EXPECT_EQ(arm_, ArmOrder::Lock) << "it may have forgotten that";
}

TEST_F(LaneTest, TellsThatSomebodyOpenedTheHousing) {
    tell(Signal::TamperOpened);
    tell(Signal::TamperClosed);
    EXPECT_EQ(kinds(), (Kinds{LaneEventKind::TamperOpened, LaneEventKind::TamperClosed}));
}

TEST_F(LaneTest, HearsNothingOfASecondSensorThatItDoesNotHave) {
    release();
    tell(Signal::InnerCovered);
    tell(Signal::InnerClear);
    EXPECT_TRUE(outcomes_.empty());
}

TEST_F(TwoSensorLaneTest, KnowsWhoGoesTheWrongWay) {
    release();
    walk_out();
    EXPECT_EQ(kinds(), Kinds{LaneEventKind::ReversePassage});
    EXPECT_TRUE(outcomes_.empty()) << "the guest may still pass";
    walk_in();
    EXPECT_EQ(outcomes_[0].result, PassageResult::Entered);
}

TEST_F(TwoSensorLaneTest, CountsNobodyWhoStepsBack) {
    release();
    for (const Signal s :
         {Signal::OuterCovered, Signal::InnerCovered, Signal::InnerClear, Signal::OuterClear})
        tell(s);
    EXPECT_TRUE(outcomes_.empty());
    EXPECT_EQ(lane_.state(), LaneState::Released);
    wait(9s);
    EXPECT_EQ(outcomes_[0].result, PassageResult::Released);
}

TEST_F(TwoSensorLaneTest, TakesAnExitAsItsOwnDirection) {
    release(1, Direction::Exit);
    walk_out();
    EXPECT_EQ(outcomes_[0].result, PassageResult::Left);
    EXPECT_TRUE(events_.empty());
}

TEST_F(FeedbackLaneTest, TellsThatTheArmDoesNotUnlock) {
    release();
    wait(ArmWatch::kPatience);
    EXPECT_EQ(kinds(), Kinds{LaneEventKind::ArmStuck});
    tell(Signal::Unlocked);
    EXPECT_EQ(kinds(), (Kinds{LaneEventKind::ArmStuck, LaneEventKind::ArmFree}));
}

TEST_F(FeedbackLaneTest, TellsThatTheArmDoesNotLockAgain) {
    release();
    tell(Signal::Unlocked);
    walk();
    wait(ArmWatch::kPatience);
    EXPECT_EQ(kinds(), Kinds{LaneEventKind::ArmStuck});
}

TEST_F(FeedbackLaneTest, TellsNothingOfAnArmThatMoves) {
    release();
    wait(ArmWatch::kPatience - 1ms);
    tell(Signal::Unlocked);
    walk();
    tell(Signal::Locked);
    wait(1min);
    EXPECT_TRUE(events_.empty());
}

TEST_F(LaneTest, ExpectsNothingOfAnArmThatTellsNothing) {
    release();
    wait(1min);
    EXPECT_TRUE(events_.empty());
}

class BlindLaneTest : public LaneTest {
protected:
    BlindLaneTest() : LaneTest{{.sensor = false}} {}
};

TEST_F(BlindLaneTest, PresumesThatWhoWasAdmittedHasPassed) {
    release(2);
    wait(8s);
    ASSERT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(outcomes_[0].result, PassageResult::PresumedEntered);
    EXPECT_EQ(outcomes_[0].people, 2);
    EXPECT_EQ(arm_at_outcome_, ArmOrder::Lock) << "first";
    EXPECT_FALSE(lane_.busy());
}

TEST_F(BlindLaneTest, PresumesSoInAFireToo) {
    release();
    fire(FireInput::Active);
    ASSERT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(outcomes_[0].result, PassageResult::PresumedEntered);
    EXPECT_EQ(outcomes_[0].people, 1);
}

TEST_F(BlindLaneTest, GivesTheTicketBackWhenItsReleaseFailed) {
    Released released{.people = 1, .hold = 8s};
    lane_.release_failed(released, now_);
    collect();
    EXPECT_EQ(outcomes_.at(0).result, PassageResult::Released);
}

}  // namespace
}  // namespace stile
