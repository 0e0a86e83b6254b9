// SPDX-License-Identifier: Apache-2.0
// Which arrival curves fit the people who came so far: a posterior on a grid, as FORECAST.md has
// it. Times are minutes to the show's start, negative before it.
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace stile::sync {

// What is believed of one number before anybody came: a normal curve, cut off at both ends.
struct Belief {
    double mean = 0;
    double deviation = 1;
    double lowest = 0;
    double highest = 0;
};

// A share of arrivals (0 to 1, rising) by time. It is shifted and stretched by the grid.
using ShareCurve = std::function<double(double)>;

struct ArrivalModel {
    std::vector<ShareCurve> curves;
    Belief shift;        // minutes
    Belief log_stretch;  // about the point 0 of the curve
    Belief log_total;    // people of the whole evening
};

struct Bin {
    double from = 0;
    double to = 0;
    double people = 0;
};

// Quantiles of the arrivals by the end of one step.
struct Spread {
    double low = 0;
    double mid = 0;
    double high = 0;
};

struct ArrivalsSoFar {
    double now = 0;
    double arrived = 0;         // all of them
    double arrived_before = 0;  // `bins` begins: a queue at the doors tells nothing about the curve
    std::span<const Bin> bins;
};

// The spread at each of `times` (rising, after now), and for the whole evening as the last one.
[[nodiscard]] std::vector<Spread> expect_arrivals(const ArrivalModel& model,
                                                  const ArrivalsSoFar& so_far,
                                                  std::span<const double> times);

}  // namespace stile::sync
