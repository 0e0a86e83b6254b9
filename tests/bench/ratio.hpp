// SPDX-License-Identifier: Apache-2.0
// Measures ours against the bare call in one run: rounds take turns, and medians are compared, so
// that a busy machine slows both alike.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string_view>
#include <vector>

namespace stile::bench {

struct Rounds {
    int count = 301;
    int calls = 20;  // in one round; a round should last long enough for the clock
};

// Microseconds of one call, in one round.
template <class Function>
[[nodiscard]] double round_us(Function& function, int calls) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < calls; ++i)
        function();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    return took.count() / calls;
}

[[nodiscard]] inline double median(std::vector<double> values) {
    std::ranges::nth_element(values,
                             values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

// Prints one line and hands back ours / bare. The functions must use what they compute
// (benchmark::DoNotOptimize).
template <class Ours, class Bare>
double ratio(std::string_view name, Ours ours, Bare bare, Rounds rounds = {}) {
    std::vector<double> ours_us;
    std::vector<double> bare_us;
    (void)round_us(ours, rounds.calls);  // warm
    (void)round_us(bare, rounds.calls);
    for (int i = 0; i < rounds.count; ++i) {
        ours_us.push_back(round_us(ours, rounds.calls));
        bare_us.push_back(round_us(bare, rounds.calls));
    }
    const double result = median(ours_us) / median(bare_us);
    std::printf("%-58.*s %6.3f  (%.2f us / %.2f us)\n", static_cast<int>(name.size()), name.data(),
                result, median(ours_us), median(bare_us));
    return result;
}

}  // namespace stile::bench
