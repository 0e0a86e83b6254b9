// SPDX-License-Identifier: Apache-2.0
// What a bucket of one second's worth lets through.
#include "daemon/runtime/rate_limit.hpp"

#include <gtest/gtest.h>

namespace stile {
namespace {

using namespace std::chrono_literals;

int taken(RateLimit& limit, RateLimit::Clock::time_point now, int wishes) {
    int out = 0;
    for (int i = 0; i < wishes; ++i)
        out += limit.take(now) ? 1 : 0;
    return out;
}

TEST(RateLimit, LetsASecondsWorthThroughAtOnce) {
    RateLimit limit{50};
    EXPECT_EQ(taken(limit, RateLimit::Clock::now(), 200), 50);
}

TEST(RateLimit, FillsAtItsRate) {
    RateLimit limit{50};
    const auto now = RateLimit::Clock::now();
    (void)taken(limit, now, 200);
    EXPECT_EQ(taken(limit, now + 100ms, 200), 5);
    EXPECT_EQ(taken(limit, now + 200ms, 200), 5);
}

TEST(RateLimit, LetsTenMinutesAtItsRateThrough) {
    RateLimit limit{50};
    auto now = RateLimit::Clock::now();
    for (int i = 0; i < 50 * 600; ++i, now += 20ms)
        ASSERT_TRUE(limit.take(now)) << i;
}

TEST(RateLimit, SavesNoMoreThanASecondsWorth) {
    RateLimit limit{50};
    EXPECT_EQ(taken(limit, RateLimit::Clock::now() + 1h, 200), 50);
}

}  // namespace
}  // namespace stile
