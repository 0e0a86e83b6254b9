// SPDX-License-Identifier: Apache-2.0
// What the gate believes of its clocks: steps, empty batteries, time servers that lie.
#include <gtest/gtest.h>

#include "daemon/clock/system_clock.hpp"
#include "daemon/clock/trusted_time.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Discipline = RawTime::Discipline;

const WallTime kEvening{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 18h};
const WallTime kBuilt = kEvening - 24h * 30;
const WallTime k1970{12s};
constexpr milliseconds kAssumed = 5s;

class TrustedTimeTest : public ::testing::Test {
protected:
    TrustedTimeTest() { time_.learn(kBuilt, kBuilt); }

    // Time passes for everybody.
    void pass(milliseconds by) {
        wall_ += by;
        boot_ += by;
    }
    void set_wall(WallTime wall) { wall_ = wall; }
    ClockReading free() { return time_.at({wall_, boot_, Discipline::Free, 0ms}); }
    ClockReading synced(milliseconds error = 40ms) {
        return time_.at({wall_, boot_, Discipline::Synced, error});
    }
    static bool contains(const ClockReading& reading, WallTime moment) {
        return reading.bounds.lower <= moment && moment <= reading.bounds.upper;
    }

    TrustedTime time_{kAssumed};
    WallTime wall_ = kEvening;
    milliseconds boot_ = 90s;
};

TEST_F(TrustedTimeTest, BelievesADisciplinedClockWithItsError) {
    const ClockReading now = synced(400ms);
    EXPECT_EQ(now.quality, ClockQuality::Synced);
    EXPECT_EQ(now.time, kEvening);
    EXPECT_EQ(now.bounds.lower, kEvening - 1s);
    EXPECT_EQ(now.bounds.upper, kEvening + 1s);
}

TEST_F(TrustedTimeTest, BelievesAFreeClockWithTheAssumedError) {
    const ClockReading now = free();
    EXPECT_EQ(now.quality, ClockQuality::Unsynced);
    EXPECT_EQ(now.time, kEvening);
    EXPECT_EQ(now.bounds.lower, kEvening - 5s);
    EXPECT_EQ(now.bounds.upper, kEvening + 5s);
    EXPECT_EQ(now.doubt, ClockDoubt::None);
}

TEST_F(TrustedTimeTest, CountsOnWhenTheTimeServerIsGone) {
    (void)synced();
    pass(1h);
    const ClockReading now = free();
    EXPECT_EQ(now.quality, ClockQuality::Holdover);
    EXPECT_EQ(now.time, kEvening + 1h);
}

TEST_F(TrustedTimeTest, KnowsLessAndLessWhileItCountsOn) {
    (void)synced();
    pass(24h * 10);
    const ClockReading now = free();
    EXPECT_GE(now.bounds.upper - now.bounds.lower, 172s);  // 100 ppm on both sides
    EXPECT_LE(now.bounds.upper - now.bounds.lower, 175s);
}

class Steps : public TrustedTimeTest, public ::testing::WithParamInterface<milliseconds> {};

TEST_P(Steps, AreNotFollowedByAGateThatWasSynced) {
    (void)synced();
    pass(10s);
    set_wall(wall_ + GetParam());
    const ClockReading now = free();
    EXPECT_EQ(now.time, kEvening + 10s);
    EXPECT_EQ(now.quality, ClockQuality::Holdover);
    EXPECT_EQ(now.doubt, GetParam() < -24h * 30       ? ClockDoubt::Behind
                         : GetParam() > 24h * 365 * 5 ? ClockDoubt::Ahead
                         : GetParam() < 0ms           ? ClockDoubt::Behind
                                                      : ClockDoubt::Stepped);
}

TEST_P(Steps, AreNotFollowedByAGateThatNeverWas) {
    (void)free();
    pass(10s);
    set_wall(wall_ + GetParam());
    const ClockReading now = free();
    EXPECT_EQ(now.time, kEvening + 10s);
    EXPECT_EQ(now.quality, ClockQuality::Unsynced);
    EXPECT_NE(now.doubt, ClockDoubt::None);
    EXPECT_TRUE(contains(now, kEvening + 10s));
}

TEST_P(Steps, OfATimeServerThatLiesAreNotFollowed) {
    (void)synced();
    pass(10s);
    set_wall(wall_ + GetParam());
    const ClockReading now = synced();
    EXPECT_EQ(now.time, kEvening + 10s);
    EXPECT_EQ(now.quality, ClockQuality::Holdover);
    EXPECT_NE(now.doubt, ClockDoubt::None);
}

INSTANTIATE_TEST_SUITE_P(OfAnHourAndTenYearsBothWays, Steps,
                         ::testing::Values(milliseconds{1h}, milliseconds{-1h},
                                           milliseconds{24h * 3653}, milliseconds{-24h * 3653}));

TEST_F(TrustedTimeTest, FollowsTheTimeServerOutOfAFalseStart) {
    set_wall(kEvening - 3h);
    (void)free();
    pass(10s);
    set_wall(kEvening);
    const ClockReading now = synced();
    EXPECT_EQ(now.quality, ClockQuality::Synced);
    EXPECT_EQ(now.time, kEvening);
}

TEST_F(TrustedTimeTest, FollowsTheTimeServerBackFromAFalseFutureThatNobodyVouchedFor) {
    time_.learn(kBuilt, kEvening + 24h * 365);  // entries of a gate whose clock was a year ahead
    set_wall(kEvening);
    EXPECT_EQ(free().quality, ClockQuality::Wrong);
    EXPECT_EQ(synced().quality, ClockQuality::Synced);
    EXPECT_EQ(synced().time, kEvening);
}

TEST_F(TrustedTimeTest, FollowsSmallCorrections) {
    (void)synced();
    pass(1min);
    set_wall(wall_ - 900ms);
    EXPECT_EQ(synced().time, wall_);
    EXPECT_EQ(synced().quality, ClockQuality::Synced);
}

TEST_F(TrustedTimeTest, StartsWithoutABatteryFromTheNewestThatItKnows) {
    time_.learn(kEvening - 20h, kEvening - 20h);
    set_wall(k1970);
    const ClockReading now = free();
    EXPECT_EQ(now.quality, ClockQuality::Wrong);
    EXPECT_EQ(now.doubt, ClockDoubt::Behind);
    EXPECT_EQ(now.time, kEvening - 20h);
    EXPECT_TRUE(contains(now, kEvening)) << "tonight's guests are not refused";
}

TEST_F(TrustedTimeTest, CountsOnFromThere) {
    set_wall(k1970);
    (void)free();
    pass(1h);
    const ClockReading now = free();
    EXPECT_EQ(now.time, kBuilt + 1h);
    EXPECT_LT(now.bounds.lower, kBuilt + 1h);
    EXPECT_GT(now.bounds.lower, kBuilt + 59min);
}

TEST_F(TrustedTimeTest, IsRightAgainAsSoonAsTheClockIs) {
    set_wall(k1970);
    EXPECT_EQ(free().quality, ClockQuality::Wrong);
    pass(20s);
    set_wall(kEvening);
    EXPECT_EQ(free().quality, ClockQuality::Unsynced);
    EXPECT_EQ(synced().quality, ClockQuality::Synced);
}

TEST_F(TrustedTimeTest, DoubtsAClockThatStartsTenYearsAhead) {
    set_wall(kEvening + 24h * 3653);
    const ClockReading now = free();
    EXPECT_EQ(now.quality, ClockQuality::Wrong);
    EXPECT_EQ(now.doubt, ClockDoubt::Ahead);
    EXPECT_TRUE(contains(now, kEvening));
    EXPECT_LT(now.time, kEvening + 24h);
}

TEST_F(TrustedTimeTest, DoubtsATimeServerThatServesTenYearsAheadAtTheStart) {
    set_wall(kEvening + 24h * 3653);
    EXPECT_EQ(synced().quality, ClockQuality::Wrong);
}

TEST_F(TrustedTimeTest, DoubtsADisciplinedClockBeforeWhatIsSurelyPast) {
    time_.learn(kEvening, kEvening);
    set_wall(kEvening - 1h);
    EXPECT_EQ(synced().quality, ClockQuality::Wrong);
}

TEST_F(TrustedTimeTest, NeverGoesBackWhileTheClockRunsOn) {
    WallTime last{};
    for (int i = 0; i < 1000; ++i) {
        pass(700ms);
        const ClockReading now = i % 3 == 0 ? synced() : free();
        EXPECT_GE(now.time, last);
        EXPECT_LE(now.bounds.lower, now.time);
        EXPECT_GE(now.bounds.upper, now.time);
        last = now.time;
    }
}

TEST(ClockDoubts, EachHaveANameAndAnAdvice) {
    for (const auto doubt : {ClockDoubt::Behind, ClockDoubt::Ahead, ClockDoubt::Stepped}) {
        EXPECT_NE(name_of(doubt), "");
        EXPECT_NE(advice_on(doubt), "");
    }
    EXPECT_EQ(name_of(ClockDoubt::None), "");
}

TEST(SystemClock, SaysTheTimeOfThisMachineAfterTheBuildOfThisProgram) {
    SystemClock clock;
    const auto before = std::chrono::system_clock::now();
    const ClockReading now = clock.now();
    EXPECT_GE(now.time + 1ms, before);
    EXPECT_LE(now.time, std::chrono::system_clock::now());
    EXPECT_NE(now.quality, ClockQuality::Wrong);
}

TEST(SystemClock, DoubtsThisMachineWhenTheLedgerIsFromTheFuture) {
    SystemClock clock;
    const auto future = clock.now().time + 24h;
    clock.learn(future, future);
    EXPECT_NE(clock.now().doubt, ClockDoubt::None);
}

}  // namespace
}  // namespace stile
