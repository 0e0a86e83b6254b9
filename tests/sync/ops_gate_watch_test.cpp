// SPDX-License-Identifier: Apache-2.0
// Which gates are silent, by what they say and what is only remembered of them.
#include <gtest/gtest.h>

#include "sync/collector/gate_watch.hpp"
#include "tests/sync/ops_entries.hpp"

namespace stile::sync {
namespace {

using namespace std::chrono_literals;
using ops::at;

class AGate : public testing::Test {
protected:
    using Said = GateWatch::Said;
    void status(GatePresence presence, const std::string& boot) {
        watch_.status("north-1", {presence, boot}, Said::Now, now_);
    }
    void health(Said said = Said::Now) {
        const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(now_ - kStart);
        watch_.health("north-1", at(0) + time, said, now_);
    }
    [[nodiscard]] std::size_t silent() const { return watch_.silent(now_).size(); }
    static constexpr GateWatch::Time kStart{1h};
    GateWatch watch_;
    GateWatch::Time now_ = kStart;
};

TEST_F(AGate, IsSilentAtOnceWhenItsWillComes) {
    status(GatePresence::Present, "a");
    EXPECT_EQ(silent(), 0U);
    status(GatePresence::Lost, "a");
    ASSERT_EQ(silent(), 1U);
    EXPECT_EQ(watch_.silent(now_)[0].why, GateWatch::Why::Lost);
    status(GatePresence::Present, "b");
    EXPECT_EQ(silent(), 0U);
}

TEST_F(AGate, IsNotSilentWhenTheWillOfAnEarlierConnectionComesLate) {
    status(GatePresence::Present, "b");
    status(GatePresence::Lost, "a");
    EXPECT_EQ(silent(), 0U);
}

TEST_F(AGate, IsSilentWhenAllThatIsKnownIsItsWill) {
    status(GatePresence::Lost, "a");
    EXPECT_EQ(silent(), 1U);
}

TEST_F(AGate, IsNotSilentWhenItWasStoppedOnPurpose) {
    status(GatePresence::Stopped, "a");
    now_ += 24h;
    EXPECT_EQ(silent(), 0U);
}

TEST_F(AGate, IsSilentAfterThreePeriodsWithoutHealth) {
    status(GatePresence::Present, "a");
    health();
    now_ += 20s;
    health();
    now_ += 59s;
    EXPECT_EQ(silent(), 0U);
    now_ += 1s;
    ASSERT_EQ(silent(), 1U);
    EXPECT_EQ(watch_.silent(now_)[0].why, GateWatch::Why::NoHealth);
    health();
    EXPECT_EQ(silent(), 0U);
}

TEST_F(AGate, HasAMinuteWhenItsRhythmIsNotKnown) {
    status(GatePresence::Present, "a");
    now_ += 59s;
    EXPECT_EQ(silent(), 0U);
    now_ += 1s;
    EXPECT_EQ(silent(), 1U);
}

TEST_F(AGate, IsNotSilentBecauseTheCollectorWasAway) {
    for (int i = 0; i < 2; ++i, now_ += 10s)
        health();
    health();
    watch_.disconnected(now_);
    now_ += 1h;
    watch_.reconnected(now_);
    EXPECT_EQ(silent(), 0U);
    health();
    now_ += 29s;
    EXPECT_EQ(silent(), 0U) << "the hour is not its period";
    now_ += 1s;
    EXPECT_EQ(silent(), 1U);
}

TEST_F(AGate, IsSilentStillWhenTheCollectorIsBack) {
    status(GatePresence::Present, "a");
    now_ += 60s;
    watch_.disconnected(now_);
    now_ += 1s;
    watch_.reconnected(now_);
    EXPECT_EQ(silent(), 1U);
}

TEST_F(AGate, IsMeasuredByItsOwnClockNotByWhatTheBrokerRemembers) {
    for (int i = 0; i < 3; ++i, now_ += 40s)
        health();
    now_ -= 40s;
    watch_.disconnected(now_);
    now_ += 35s;
    watch_.reconnected(now_);
    watch_.health("north-1", at(80), Said::Remembered, now_);  // as it was said last
    now_ += 5s;
    health();
    now_ += 119s;
    EXPECT_EQ(silent(), 0U);
    now_ += 1s;
    EXPECT_EQ(silent(), 1U);
}

TEST_F(AGate, DoesNotHaveAnotherRhythmByOneHealthThatCameSooner) {
    for (int i = 0; i < 3; ++i, now_ += 40s)
        health();
    now_ -= 39s;
    health();
    now_ += 119s;
    EXPECT_EQ(silent(), 0U);
}

TEST_F(AGate, ThatIsExpectedHasAPlaceAmongInventedOnes) {
    for (std::size_t i = 0; i < 2 * GateWatch::kMostGates; ++i)
        watch_.status("a" + std::to_string(i), {GatePresence::Lost, "a"}, Said::Now, now_);
    EXPECT_EQ(silent(), GateWatch::kMostGates);
    watch_.expect("north-1", GateWatch::Before::Silent, now_);
    EXPECT_EQ(watch_.silent(now_).at(0).gate, "north-1");
}

TEST_F(AGate, ThatIsNoMoreIsNotSilent) {
    status(GatePresence::Lost, "a");
    watch_.forget("north-1");
    EXPECT_EQ(silent(), 0U);
}

TEST_F(AGate, OfAnEarlierRunIsWaitedFor) {
    watch_.expect("north-1", GateWatch::Before::There, now_);
    now_ += 59s;
    EXPECT_EQ(silent(), 0U);
    now_ += 1s;
    EXPECT_EQ(silent(), 1U);
}

TEST_F(AGate, ThatWasSilentInAnEarlierRunIsUntilItIsHeard) {
    watch_.expect("north-1", GateWatch::Before::Silent, now_);
    watch_.reconnected(now_);
    EXPECT_EQ(silent(), 1U);
    watch_.status("north-1", {GatePresence::Present, "a"}, Said::Remembered, now_);
    health(Said::Remembered);
    EXPECT_EQ(silent(), 1U) << "it said so before";
    health();
    EXPECT_EQ(silent(), 0U);
}

TEST_F(AGate, ThatWasSilentInAnEarlierRunMayHaveBeenStopped) {
    watch_.expect("north-1", GateWatch::Before::Silent, now_);
    watch_.status("north-1", {GatePresence::Stopped, "a"}, Said::Remembered, now_);
    EXPECT_EQ(silent(), 0U);
}

}  // namespace
}  // namespace stile::sync
