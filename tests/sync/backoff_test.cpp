// SPDX-License-Identifier: Apache-2.0
// Delays grow, are bounded, and differ.
#include "sync/uplink/backoff.hpp"

#include <gtest/gtest.h>

namespace stile::sync {
namespace {

using namespace std::chrono_literals;
constexpr std::uint32_t kMostRandom = 50;  // of a delay of 100 ms: the longest

TEST(Backoff, DoublesUpToTheLongest) {
    Backoff backoff{100ms, 350ms};
    EXPECT_EQ(backoff.next(0), 50ms);
    EXPECT_EQ(backoff.next(0), 100ms);
    EXPECT_EQ(backoff.next(0), 175ms);
    EXPECT_EQ(backoff.next(0), 175ms);
}

TEST(Backoff, SpreadsOverTheUpperHalf) {
    EXPECT_EQ((Backoff{100ms, 1s}.next(0)), 50ms);
    EXPECT_EQ((Backoff{100ms, 1s}.next(kMostRandom)), 100ms);
    for (std::uint32_t random = 0; random < 1000; ++random) {
        const auto delay = Backoff{100ms, 1s}.next(random * 7919);
        EXPECT_GE(delay, 50ms);
        EXPECT_LE(delay, 100ms);
    }
}

TEST(Backoff, StartsAgainAfterASuccess) {
    Backoff backoff{100ms, 1s};
    (void)backoff.next(0);
    (void)backoff.next(0);
    backoff.reset();
    EXPECT_EQ(backoff.next(0), 50ms);
}

TEST(Backoff, IsSlowForWhatAPersonMustMend) {
    EXPECT_EQ((Backoff{100ms, 1s}.slow(0)), 500ms);
}

TEST(Backoff, NeverStartsBeyondTheLongest) {
    EXPECT_EQ((Backoff{10s, 100ms}.next(0)), 50ms);
}

}  // namespace
}  // namespace stile::sync
