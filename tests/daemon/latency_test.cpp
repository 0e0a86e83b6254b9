// SPDX-License-Identifier: Apache-2.0
// How latencies are kept for reports.
#include "daemon/lane/latency.hpp"

#include <gtest/gtest.h>

namespace stile {
namespace {

TEST(LatencyHistogram, PutsEachIntoTheFirstBucketThatHoldsIt) {
    LatencyHistogram histogram;
    for (const std::uint32_t latency : {1U, 1'000U, 1'001U, 2'500'000U, 2'500'001U, 4'000'000'000U})
        histogram.add(latency);
    const auto counts = histogram.cumulative();
    EXPECT_EQ(counts.front(), 2U);
    EXPECT_EQ(counts[1], 3U);
    EXPECT_EQ(counts[counts.size() - 2], 4U);
    EXPECT_EQ(counts.back(), 6U);
}

TEST(LatencyHistogram, AddsUpWithoutOverflow) {
    LatencyHistogram histogram;
    for (int i = 0; i < 3; ++i)
        histogram.add(UINT32_MAX);
    EXPECT_EQ(histogram.sum_us(), 3 * std::uint64_t{UINT32_MAX});
}

TEST(LatencyHistogram, BeginsEmpty) {
    EXPECT_EQ(LatencyHistogram{}.cumulative().back(), 0U);
}

TEST(LatencyWindow, HasTheQuantilesOfTheLast256) {
    LatencyWindow window;
    EXPECT_EQ(window.quantile(0.5), 0U);
    for (std::uint32_t i = 0; i < 512; ++i)
        window.add(i);
    EXPECT_EQ(window.quantile(0), 256U);
    EXPECT_EQ(window.quantile(0.5), 384U);
    EXPECT_EQ(window.quantile(1), 511U);
}

}  // namespace
}  // namespace stile
