// SPDX-License-Identifier: Apache-2.0
// Measures forecasts on simulated evenings: the numbers of FORECAST.md.
#pragma once

#include <array>
#include <cstdint>

#include "sync/collector/forecast.hpp"

namespace stile::sync {

inline constexpr std::array<int, 5> kMeasuredAt{-60, -30, -15, 0, 30};  // minutes to the start

// Means over the evenings.
struct Measured {
    double total_error = 0;    // |expected - came| / sold
    double ahead_error = 0;    // |expected - entered| / sold, 30 minutes later
    double total_covered = 0;  // share of evenings inside the interval
    double ahead_covered = 0;
    double plain_total_error = 0;  // of somebody who always says 92 % of the sold
    double plain_ahead_error = 0;  // of somebody who draws the last 15 minutes on as a line
};

// Over the evenings of the seeds [first, first + count), each of a venue of its own.
[[nodiscard]] std::array<Measured, kMeasuredAt.size()> measure(ForecastMethod method,
                                                               std::uint64_t first, int count);

}  // namespace stile::sync
