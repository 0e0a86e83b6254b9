// SPDX-License-Identifier: Apache-2.0
// Prints the tables of sync/collector/FORECAST.md: bench_forecast_error [FIRST-SEED COUNT].
#include "tests/sync/forecast_error.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
    using namespace stile::sync;
    const std::uint64_t first = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000;
    const int count = argc > 2 ? std::atoi(argv[2]) : 600;
    for (const auto method : {ForecastMethod::FittedCurve, ForecastMethod::ShareOfArrivals}) {
        std::puts(method == ForecastMethod::FittedCurve ? "fitted-curve" : "share-of-arrivals");
        const auto began = std::chrono::steady_clock::now();
        const auto measured = measure(method, first, count);
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - began;
        std::puts(
            "minutes    total: plain  error  covered    30 minutes ahead: line  error  covered");
        for (std::size_t i = 0; i < measured.size(); ++i)
            std::printf(
                "%7d         %5.1f  %5.1f    %5.1f                     %5.1f  %5.1f    %5.1f\n",
                kMeasuredAt[i], 100 * measured[i].plain_total_error, 100 * measured[i].total_error,
                100 * measured[i].total_covered, 100 * measured[i].plain_ahead_error,
                100 * measured[i].ahead_error, 100 * measured[i].ahead_covered);
        std::printf("%.2f ms an evening and time\n",
                    took.count() / count / static_cast<double>(measured.size()));
    }
}
