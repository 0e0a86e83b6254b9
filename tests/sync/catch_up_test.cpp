// SPDX-License-Identifier: Apache-2.0
// When entries are sent again to a collector, and which.
#include "sync/publish/catch_up.hpp"

#include <gtest/gtest.h>

namespace stile::sync {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kEpoch = 5;
constexpr auto kWait = CatchUp::kStandstill;
constexpr std::uint64_t kStep = CatchUp::kStep;

EntryKey at(std::uint64_t seq, std::uint64_t epoch = kEpoch) {
    return {epoch, seq};
}

class CatchUpTest : public testing::Test {
protected:
    void stored(std::uint64_t seq) { catch_up_.stored(at(seq), now_); }
    // "after..last", or "nothing"
    std::string due(std::uint64_t published) {
        const auto range = catch_up_.due(at(published), now_);
        if (!range) return "nothing";
        return std::to_string(range->after.seq) + ".." + std::to_string(range->last.seq);
    }
    CatchUp catch_up_;
    CatchUp::Clock::time_point now_{1h};
};

TEST_F(CatchUpTest, SendsNothingToOneThatHasSaidNothing) {
    EXPECT_EQ(due(100), "nothing");
    now_ += 1h;
    EXPECT_EQ(due(100), "nothing");
}

TEST_F(CatchUpTest, SendsNothingToOneThatHasEverything) {
    stored(100);
    now_ += 1h;
    EXPECT_EQ(due(100), "nothing");
}

TEST_F(CatchUpTest, LeavesTimeToOneThatIsBehind) {
    stored(90);
    now_ += kWait - 1ms;
    EXPECT_EQ(due(100), "nothing");
    now_ += 1ms;
    EXPECT_EQ(due(100), "90..100");
}

TEST_F(CatchUpTest, CountsFromTheFirstEntryThatIsMissing) {
    stored(100);
    now_ += 1h;
    EXPECT_EQ(due(100), "nothing");
    EXPECT_EQ(due(101), "nothing") << "it was published just now";
    now_ += kWait;
    EXPECT_EQ(due(101), "100..101");
}

TEST_F(CatchUpTest, SendsNothingWhileItProgresses) {
    for (std::uint64_t seq = 1; seq < 20; ++seq) {
        stored(seq);
        now_ += kWait - 1ms;
        EXPECT_EQ(due(1000), "nothing");
    }
}

TEST_F(CatchUpTest, TakesARepeatedWatermarkForNoProgress) {
    stored(90);
    now_ += kWait - 1ms;
    stored(90);
    now_ += 1ms;
    EXPECT_EQ(due(100), "90..100");
}

TEST_F(CatchUpTest, TriesMoreAndMoreSeldomWhileNothingHelps) {
    stored(90);
    std::chrono::seconds waited = kWait;
    for (int i = 0; i < 12; ++i) {
        now_ += waited - 1ms;
        EXPECT_EQ(due(100), "nothing") << i;
        now_ += 1ms;
        EXPECT_EQ(due(100), "90..100") << i;
        waited = std::min(waited * 2, CatchUp::kLongest);
    }
    stored(91);
    now_ += kWait;
    EXPECT_EQ(due(100), "91..100") << "it is there again";
}

TEST_F(CatchUpTest, SendsAtOnceWhenItStepsBack) {
    stored(90);
    stored(40);
    EXPECT_EQ(due(100), "40..100");
    EXPECT_EQ(due(100), "nothing");
}

TEST_F(CatchUpTest, StepsBackBelowWhatIsBeingSent) {
    stored(90);
    stored(40);
    (void)due(100);
    stored(10);
    EXPECT_EQ(due(100), "10..100");
}

TEST_F(CatchUpTest, SendsAStepAndTheNextWhenHalfOfItIsStored) {
    stored(2);
    stored(1);
    EXPECT_EQ(due(10'000), "1.." + std::to_string(1 + kStep));
    stored(kStep / 2);
    EXPECT_EQ(due(10'000), "nothing");
    stored(kStep / 2 + 1);
    EXPECT_EQ(due(10'000), std::to_string(1 + kStep) + ".." + std::to_string(1 + 2 * kStep));
    EXPECT_EQ(due(10'000), "nothing");
}

TEST_F(CatchUpTest, EndsWithTheLastThatWasPublished) {
    stored(2);
    stored(1);
    (void)due(100);
    stored(90);
    EXPECT_EQ(due(100), "nothing") << "all was sent";
    stored(100);
    EXPECT_EQ(due(100), "nothing");
}

TEST_F(CatchUpTest, IsOverWhenTheCollectorHadTheRest) {
    stored(2);
    stored(1);
    (void)due(10'000);
    stored(9'000);
    EXPECT_EQ(due(10'000), "nothing");
    now_ += kWait;
    EXPECT_EQ(due(10'000), "9000.." + std::to_string(9'000 + kStep));
}

TEST_F(CatchUpTest, BeginsAnewWithEachConnection) {
    stored(90);
    now_ += 1h;
    catch_up_.restart(now_);
    EXPECT_EQ(due(100), "nothing");
    now_ += kWait;
    EXPECT_EQ(due(100), "90..100");
}

TEST_F(CatchUpTest, GoesOnIntoTheNextEpoch) {
    stored(90);
    now_ += kWait;
    const EntryKey published = at(3, kEpoch + 1);
    EXPECT_EQ(catch_up_.due(published, now_), (EntryRange{at(90), published, kStep}));
    catch_up_.stored(at(0, kEpoch + 1), now_);
    EXPECT_FALSE(catch_up_.due(published, now_));
    now_ += kWait;
    EXPECT_EQ(catch_up_.due(published, now_), (EntryRange{at(0, kEpoch + 1), published, kStep}));
}

TEST_F(CatchUpTest, SendsNothingToOneOfALaterEpoch) {
    catch_up_.stored(at(1, kEpoch + 1), now_);
    now_ += 1h;
    EXPECT_EQ(due(100), "nothing");
}

TEST_F(CatchUpTest, IsNotFooledByAnEpochThatDoesNotExist) {
    stored(90);
    EXPECT_EQ(due(100), "nothing");
    catch_up_.stored(at(1, ~std::uint64_t{0}), now_);
    EXPECT_EQ(catch_up_.mark(), at(1, ~std::uint64_t{0})) << "the daemon has to know";
    now_ += kWait;
    EXPECT_EQ(due(100), "90..100");
    stored(95);
    now_ += kWait;
    EXPECT_EQ(due(100), "95..100");
}

TEST_F(CatchUpTest, RemembersAWatermarkOfAnEpochThatIsPublishedLater) {
    stored(100);
    EXPECT_EQ(due(100), "nothing");
    catch_up_.stored(at(2, kEpoch + 1), now_);
    now_ += 1h;
    const EntryKey published = at(4, kEpoch + 1);
    EXPECT_FALSE(catch_up_.due(published, now_)) << "it has time";
    now_ += kWait;
    EXPECT_EQ(catch_up_.due(published, now_), (EntryRange{at(2, kEpoch + 1), published, kStep}));
}

TEST_F(CatchUpTest, BearsTheGreatestNumbers) {
    const std::uint64_t last = ~std::uint64_t{0};
    catch_up_.stored({last, last}, now_);
    catch_up_.stored({last, last - 1}, now_);
    EXPECT_EQ(catch_up_.due({last, last}, now_),
              (EntryRange{{last, last - 1}, {last, last}, kStep}));
}

}  // namespace
}  // namespace stile::sync
