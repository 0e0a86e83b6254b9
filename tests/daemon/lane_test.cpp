// SPDX-License-Identifier: Apache-2.0
// Admissions, groups, modes and fire at one lane.
#include "tests/daemon/lane_fixture.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using devices::Signal;
using test::LaneTest;

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

}  // namespace
}  // namespace stile
