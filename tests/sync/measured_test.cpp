// SPDX-License-Identifier: Apache-2.0
// Holds the numbers of FORECAST.md and DETECTORS.md. Of fewer evenings they scatter a little.
#include <gtest/gtest.h>

#include "tests/sync/forecast_error.hpp"
#include "tests/sync/scans.hpp"

namespace stile::sync {
namespace {

void expect_measured(ForecastMethod method, double most_total, double most_ahead) {
    const auto measured = measure(method, 10'000, 300);
    for (std::size_t i = 0; i < measured.size(); ++i) {
        EXPECT_LT(measured[i].total_error, most_total) << kMeasuredAt[i];
        EXPECT_LT(measured[i].ahead_error, measured[i].plain_ahead_error) << kMeasuredAt[i];
        EXPECT_GT(measured[i].total_covered, 0.65) << kMeasuredAt[i];
        EXPECT_GT(measured[i].ahead_covered, 0.65) << kMeasuredAt[i];
    }
    EXPECT_LT(measured[1].ahead_error, most_ahead);
}

TEST(MeasuredForecast, IsAsWrittenDownForAVenueWithoutAPast) {
    expect_measured(ForecastMethod::FittedCurve, 0.043, 0.08);
}

TEST(MeasuredForecast, IsAsWrittenDownForAVenueWithAPast) {
    expect_measured(ForecastMethod::ShareOfArrivals, 0.031, 0.05);
}

TEST(MeasuredDetectors, RaiseFewFalseAlarms) {
    int gates = 0;
    std::array<int, 3> struck{};
    for (std::uint64_t seed = 10'000; seed < 10'150; ++seed) {
        const ScanEvening evening = scans_of(seed, Mischief::None);
        const Watched watched = watch(evening, Mischief::None);
        gates += static_cast<int>(evening.gates);
        for (std::size_t kind = 0; kind < struck.size(); ++kind)
            struck[kind] += watched.struck[kind];
    }
    EXPECT_LE(struck[0], gates / 60);
    EXPECT_LE(struck[1], 60);
    EXPECT_LE(struck[2], 1);
}

// How many of 100 evenings' mischief is found within so many seconds.
int found_within(Mischief mischief, std::chrono::seconds limit) {
    int found = 0;
    for (std::uint64_t seed = 10'000; seed < 10'100; ++seed) {
        const auto delay = watch(scans_of(seed, mischief), mischief).delay;
        if (delay && *delay <= limit) ++found;
    }
    return found;
}

TEST(MeasuredDetectors, FindMischiefInTime) {
    EXPECT_GE(found_within(Mischief::GateRefuses, std::chrono::seconds{420}), 50);
    EXPECT_GE(found_within(Mischief::TicketWanders, std::chrono::seconds{190}), 75);
    EXPECT_GE(found_within(Mischief::KeyStolen, std::chrono::seconds{860}), 70);
}

}  // namespace
}  // namespace stile::sync
