// SPDX-License-Identifier: Apache-2.0
// One lane without a gate: the test is its clock, its turnstile and its people.
#include "daemon/lane/lane.hpp"

#include <optional>
#include <vector>

#include <gtest/gtest.h>

namespace stile {
namespace {

using namespace std::chrono_literals;
using devices::Signal;

class LaneTest : public testing::Test {
protected:
    explicit LaneTest(devices::Capabilities has = {}) : lane_{{.name = "lane-1"}, has} {}

    void release(std::uint8_t people = 1, Direction direction = Direction::Entry) {
        Released released{.people = people, .hold = 8s};
        released.admission.admission = ++last_;
        released.admission.identity.bytes[0] = static_cast<std::uint8_t>(last_);
        released.admission.direction = direction;
        lane_.release(released, now_);
        collect();
    }
    void tell(Signal signal) {
        lane_.take(signal, now_);
        collect();
    }
    void walk() {
        tell(Signal::OuterCovered);
        tell(Signal::OuterClear);
    }
    void mode(LaneMode mode) {
        lane_.set_mode(mode, now_);
        collect();
    }
    void fire(FireInput fire) {
        lane_.fire(fire, now_);
        collect();
    }
    void wait(std::chrono::milliseconds time) {
        const auto end = now_ + time;
        for (auto due = lane_.due(); due && *due <= end; due = lane_.due()) {
            now_ = *due;
            lane_.tick(now_);
            collect();
        }
        now_ = end;
    }
    void collect() {
        for (LaneOrder& order : lane_.take_orders()) {
            if (const auto* arm = std::get_if<ArmOrder>(&order)) arm_ = *arm;
            if (const auto* outcome = std::get_if<LaneOutcome>(&order)) {
                outcomes_.push_back(outcome->passage);
                arm_at_outcome_ = arm_;
            }
            if (const auto* event = std::get_if<LaneEvent>(&order)) events_.push_back(*event);
        }
    }
    std::vector<LaneEventKind> kinds() const {
        std::vector<LaneEventKind> out;
        for (const LaneEvent& event : events_)
            out.push_back(event.what);
        return out;
    }
    using Kinds = std::vector<LaneEventKind>;

    Lane::Time now_{std::chrono::hours{1}};
    Lane lane_;
    std::uint64_t last_ = 100;
    std::optional<ArmOrder> arm_;
    std::optional<ArmOrder> arm_at_outcome_;
    std::vector<Passage> outcomes_;
    std::vector<LaneEvent> events_;
};

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

TEST_F(LaneTest, CountsWhoPassesAndLocks) {
    release();
    EXPECT_EQ(lane_.state(), LaneState::Released);
    tell(Signal::OuterCovered);
    EXPECT_EQ(lane_.state(), LaneState::Passing);
    tell(Signal::OuterClear);
    ASSERT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(outcomes_[0].result, PassageResult::Entered);
    EXPECT_EQ(outcomes_[0].people, 1);
    EXPECT_EQ(outcomes_[0].admission, 101U);
    EXPECT_EQ(arm_, ArmOrder::Lock);
    EXPECT_EQ(lane_.state(), LaneState::Idle);
    EXPECT_TRUE(events_.empty());
}

TEST_F(LaneTest, CallsAPassageOutwardsAnExit) {
    release(1, Direction::Exit);
    walk();
    EXPECT_EQ(outcomes_[0].result, PassageResult::Left);
    EXPECT_EQ(lane_.counts().left, 1U);
}

TEST_F(LaneTest, LocksOnTimeOutBeforeItGivesTheTicketBack) {
    release();
    wait(8s);
    EXPECT_EQ(arm_, ArmOrder::Lock);
    EXPECT_TRUE(outcomes_.empty());
    wait(Lane::kGrace);
    ASSERT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(arm_at_outcome_, ArmOrder::Lock);
    EXPECT_EQ(outcomes_[0].result, PassageResult::Released);
    EXPECT_EQ(outcomes_[0].people, 0);
}

TEST_F(LaneTest, CountsWhoWasUnderWayWhenItLocked) {
    release();
    wait(7999ms);
    tell(Signal::OuterCovered);
    wait(3s);
    EXPECT_EQ(lane_.state(), LaneState::Finishing);
    EXPECT_EQ(arm_, ArmOrder::Lock);
    tell(Signal::OuterClear);
    ASSERT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(outcomes_[0].result, PassageResult::Entered);
}

TEST_F(LaneTest, CountsWhoBeganToPassInTheMomentAfterTheLock) {
    release();
    wait(8s + Lane::kGrace - 1ms);
    tell(Signal::OuterCovered);
    wait(2s);
    tell(Signal::OuterClear);
    ASSERT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(outcomes_[0].result, PassageResult::Entered);
}

TEST_F(LaneTest, CallsALaterPassageOneWithoutRelease) {
    release();
    wait(8s + Lane::kGrace);
    walk();
    EXPECT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(kinds(), Kinds{LaneEventKind::PassageWithoutRelease});
}

TEST_F(LaneTest, CountsWhoStoodInTheSensorAlready) {
    tell(Signal::OuterCovered);
    release();
    EXPECT_EQ(lane_.state(), LaneState::Passing);
    tell(Signal::OuterClear);
    EXPECT_EQ(outcomes_[0].result, PassageResult::Entered);
}

TEST_F(LaneTest, LetsAGroupPassInOneRelease) {
    release(3);
    walk();
    walk();
    EXPECT_TRUE(outcomes_.empty());
    walk();
    ASSERT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(outcomes_[0].people, 3);
    EXPECT_EQ(lane_.counts().entered, 3U);
}

TEST_F(LaneTest, CountsOnlyThoseOfAGroupWhoPassed) {
    release(3);
    walk();
    walk();
    wait(9s);
    ASSERT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(outcomes_[0].result, PassageResult::Entered);
    EXPECT_EQ(outcomes_[0].people, 2);
}

TEST_F(LaneTest, NamesWhoComesInBehindAGuest) {
    release();
    walk();
    wait(1s);
    walk();
    ASSERT_EQ(kinds(), Kinds{LaneEventKind::Tailgating});
    EXPECT_EQ(events_[0].admission, 101U);
    EXPECT_EQ(outcomes_.size(), 1U);
}

TEST_F(LaneTest, CallsItNoTailgatingAfterTwoSeconds) {
    release();
    walk();
    wait(Lane::kTailgate);
    walk();
    EXPECT_EQ(kinds(), Kinds{LaneEventKind::PassageWithoutRelease});
    EXPECT_EQ(events_[0].admission, 0U);
}

TEST_F(LaneTest, CallsItNoTailgatingWhenNobodyHadPassed) {
    release();
    wait(9s);
    walk();
    EXPECT_EQ(kinds(), Kinds{LaneEventKind::PassageWithoutRelease});
}

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

TEST_F(LaneTest, CountsPeopleWhileItIsFreeAndWritesThemDownTogether) {
    mode(LaneMode::Free);
    EXPECT_EQ(arm_, ArmOrder::Open);
    for (int i = 0; i < 5; ++i)
        walk();
    EXPECT_TRUE(events_.empty());
    wait(1min);
    ASSERT_EQ(kinds(), Kinds{LaneEventKind::FreePassage});
    EXPECT_EQ(events_[0].count, 5U);
    walk();
    mode(LaneMode::Normal);
    ASSERT_EQ(events_.size(), 2U) << "the rest at the end";
    EXPECT_EQ(events_[1].count, 1U);
    EXPECT_EQ(arm_, ArmOrder::Lock);
    EXPECT_EQ(lane_.counts().free, 6U);
}

TEST_F(LaneTest, WritesNothingDownWhenNobodyPassedFreely) {
    mode(LaneMode::Free);
    wait(1h);
    mode(LaneMode::Normal);
    EXPECT_TRUE(events_.empty());
}

TEST_F(LaneTest, LetsTheAdmittedPassBeforeItIsLocked) {
    release();
    mode(LaneMode::Locked);
    EXPECT_EQ(lane_.state(), LaneState::Released);
    EXPECT_TRUE(lane_.closed(Direction::Entry));
    walk();
    EXPECT_EQ(outcomes_[0].result, PassageResult::Entered);
    EXPECT_EQ(lane_.state(), LaneState::Locked);
}

TEST_F(LaneTest, ClosesTheWayInForExitOnly) {
    mode(LaneMode::ExitOnly);
    EXPECT_TRUE(lane_.closed(Direction::Entry));
    EXPECT_FALSE(lane_.closed(Direction::Exit));
}

TEST_F(LaneTest, OpensForFireWhateverTheModeAndTheDevice) {
    for (const LaneMode before : {LaneMode::Normal, LaneMode::Locked, LaneMode::OutOfOrder,
                                  LaneMode::ExitOnly, LaneMode::Free}) {
        mode(before);
        fire(FireInput::Active);
        EXPECT_EQ(arm_, ArmOrder::Open) << name_of(before);
        EXPECT_EQ(lane_.state(), LaneState::Fire);
        fire(FireInput::Over);
        EXPECT_EQ(arm_, before == LaneMode::Free ? ArmOrder::Open : ArmOrder::Lock);
    }
}

TEST_F(LaneTest, CannotBeLockedWhileThereIsFire) {
    fire(FireInput::Active);
    for (const LaneMode wish : {LaneMode::Locked, LaneMode::OutOfOrder, LaneMode::Normal}) {
        mode(wish);
        EXPECT_EQ(lane_.state(), LaneState::Fire);
        EXPECT_EQ(arm_, ArmOrder::Open);
    }
    tell(Signal::Gone);
    tell(Signal::Back);
    EXPECT_EQ(arm_, ArmOrder::Open);
}

TEST_F(LaneTest, GivesTheTicketBackWhenFireBeginsBeforeItsPassage) {
    release();
    fire(FireInput::Active);
    fire(FireInput::Active);
    ASSERT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(outcomes_[0].result, PassageResult::Released);
    walk();
    fire(FireInput::Over);
    EXPECT_EQ(kinds(), (Kinds{LaneEventKind::FireStarted, LaneEventKind::FreePassage,
                              LaneEventKind::FireEnded}));
}

TEST_F(LaneTest, TellsThatSomebodyOpenedTheHousing) {
    tell(Signal::TamperOpened);
    tell(Signal::TamperClosed);
    EXPECT_EQ(kinds(), (Kinds{LaneEventKind::TamperOpened, LaneEventKind::TamperClosed}));
}

TEST_F(LaneTest, GivesBackASecondReleaseAtOnceAndKeepsTheFirst) {
    release();
    release();
    ASSERT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(outcomes_[0].admission, 102U);
    EXPECT_EQ(outcomes_[0].result, PassageResult::Released);
    walk();
    EXPECT_EQ(outcomes_[1].admission, 101U);
}

TEST_F(LaneTest, IgnoresItsGuestUntilThreeSecondsAfterTheEnd) {
    crypto::Identity guest;
    guest.bytes[0] = 101;
    release();
    EXPECT_TRUE(lane_.ignores(guest, now_));
    EXPECT_FALSE(lane_.ignores({}, now_));
    walk();
    EXPECT_TRUE(lane_.ignores(guest, now_ + 2999ms));
    EXPECT_FALSE(lane_.ignores(guest, now_ + 3s));
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

}  // namespace
}  // namespace stile
