// SPDX-License-Identifier: Apache-2.0
// A fault is said once a period.
#include "sync/uplink/log_limit.hpp"

#include <gtest/gtest.h>

namespace stile::sync {
namespace {

using namespace std::chrono_literals;

TEST(LogLimit, SaysTheSameOnceAMinute) {
    LogLimit limit;
    const LogLimit::Clock::time_point start{};
    EXPECT_TRUE(limit.due("a", start));
    EXPECT_FALSE(limit.due("a", start + 59s));
    EXPECT_TRUE(limit.due("a", start + 60s));
    EXPECT_FALSE(limit.due("a", start + 61s));
}

TEST(LogLimit, SaysSomethingElseAtOnce) {
    LogLimit limit;
    const LogLimit::Clock::time_point start{};
    EXPECT_TRUE(limit.due("a", start));
    EXPECT_TRUE(limit.due("b", start));
}

TEST(LogLimit, SaysOnlySoMuchOfAFlood) {
    LogLimit limit;
    const LogLimit::Clock::time_point start{};
    const auto said_at = [&](LogLimit::Clock::time_point now) {
        int said = 0;
        for (int i = 0; i < 10'000; ++i)
            said += limit.due(std::to_string(i), now) ? 1 : 0;
        return said;
    };
    EXPECT_EQ(said_at(start), 64);
    EXPECT_EQ(said_at(start + 59s), 0);
    EXPECT_EQ(said_at(start + 60s), 64);
}

}  // namespace
}  // namespace stile::sync
