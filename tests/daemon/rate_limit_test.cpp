// SPDX-License-Identifier: Apache-2.0
// What may happen at once, and then one a period.
#include "daemon/runtime/rate_limit.hpp"

#include <gtest/gtest.h>

namespace stile {
namespace {

using namespace std::chrono_literals;

int taken(RateLimit& limit, RateLimit::Time now, int wishes = 1'000) {
    int out = 0;
    for (int i = 0; i < wishes; ++i)
        out += limit.take(now) ? 1 : 0;
    return out;
}

TEST(RateLimit, AllowsSomeAtOnceAndNotOneMore) {
    RateLimit limit{100ms, 20};
    EXPECT_EQ(taken(limit, 1h), 20);
    EXPECT_FALSE(limit.take(1h + 99ms));
    EXPECT_TRUE(limit.take(1h + 100ms));
    EXPECT_FALSE(limit.take(1h + 100ms));
}

TEST(RateLimit, AllowsASecondsWorthAtOnce) {
    RateLimit limit = RateLimit::per_second(50);
    EXPECT_EQ(taken(limit, 1h), 50);
    EXPECT_EQ(taken(limit, 1h + 100ms), 5);
}

TEST(RateLimit, AllowsTenMinutesAtItsRate) {
    RateLimit limit = RateLimit::per_second(50);
    for (RateLimit::Time now = 1h; now < 1h + 10min; now += 20ms)
        ASSERT_TRUE(limit.take(now));
}

TEST(RateLimit, SavesNothingUp) {
    RateLimit limit{100ms, 20};
    (void)limit.take(1h);
    EXPECT_EQ(taken(limit, 100h), 20);
}

TEST(RateLimit, GivesNothingForAClockThatGoesBack) {
    RateLimit limit{100ms, 20};
    (void)taken(limit, 1h);
    EXPECT_FALSE(limit.take(0h));
    EXPECT_FALSE(limit.take(1h));
}

}  // namespace
}  // namespace stile
