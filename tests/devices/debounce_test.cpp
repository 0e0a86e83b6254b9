// SPDX-License-Identifier: Apache-2.0
// A bouncing contact, millisecond by millisecond.
#include "devices/turnstile/debounce.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace stile::devices {
namespace {

using namespace std::chrono_literals;

class DebounceTest : public testing::Test {
protected:
    // The contact has this level for so long; what was told in that time.
    std::vector<Level> hold(Level level, std::chrono::milliseconds time) {
        std::vector<Level> told;
        contact_.raw(level, now_);
        for (auto i = 0ms; i < time; i += 1ms) {
            now_ += 1ms;
            for (const auto& change : contact_.settled(now_))
                told.push_back(change.level);
        }
        return told;
    }
    Debounce::Time now_{std::chrono::hours{1}};
    Debounce contact_{5ms};
};

TEST_F(DebounceTest, TellsALevelThatStoodStill) {
    EXPECT_TRUE(hold(Level::Covered, 4ms).empty());
    EXPECT_EQ(hold(Level::Covered, 1ms), std::vector{Level::Covered});
    EXPECT_TRUE(hold(Level::Covered, 100ms).empty()) << "once";
}

TEST_F(DebounceTest, TellsNothingOfAShortTouch) {
    EXPECT_TRUE(hold(Level::Covered, 4ms).empty());
    EXPECT_TRUE(hold(Level::Clear, 100ms).empty());
}

TEST_F(DebounceTest, TellsAKilohertzOfBouncesAsOneChange) {
    for (int i = 0; i < 50; ++i) {
        EXPECT_TRUE(hold(Level::Covered, 1ms).empty());
        EXPECT_TRUE(hold(Level::Clear, 1ms).empty());
    }
    EXPECT_EQ(hold(Level::Covered, 5ms), std::vector{Level::Covered});
}

TEST_F(DebounceTest, AsksToBeLookedAtOnlyWhileAChangeIsOnItsWay) {
    EXPECT_EQ(contact_.due(), std::nullopt);
    contact_.raw(Level::Covered, now_);
    EXPECT_EQ(contact_.due(), now_ + 5ms);
    contact_.raw(Level::Covered, now_ + 3ms);
    EXPECT_EQ(contact_.due(), now_ + 5ms) << "no change, no delay";
    contact_.raw(Level::Clear, now_ + 4ms);
    EXPECT_EQ(contact_.due(), std::nullopt);
}

TEST_F(DebounceTest, TellsALateLookTheSame) {
    contact_.raw(Level::Covered, now_);
    EXPECT_EQ(contact_.settled(now_ + 1h),
              (std::vector<Debounce::Change>{{Level::Covered, now_ + 5ms}}));
    EXPECT_EQ(contact_.level(), Level::Covered);
}

TEST_F(DebounceTest, TellsALateLookAllThatStoodLongEnough) {
    contact_.edge(Level::Covered, now_);
    contact_.edge(Level::Clear, now_ + 300ms);
    contact_.edge(Level::Covered, now_ + 400ms);
    contact_.edge(Level::Clear, now_ + 404ms);
    EXPECT_EQ(contact_.due(), now_ + 5ms);
    EXPECT_EQ(contact_.settled(now_ + 600ms),
              (std::vector<Debounce::Change>{{Level::Covered, now_ + 5ms},
                                             {Level::Clear, now_ + 305ms}}));
    EXPECT_TRUE(contact_.settled(now_ + 1h).empty()) << "once";
}

}  // namespace
}  // namespace stile::devices
