// SPDX-License-Identifier: Apache-2.0
// Whether a share of many is so large that chance does not make it.
#pragma once

#include <cmath>
#include <cstdint>

namespace stile::sync {

struct Excess {
    std::uint64_t least = 1;  // fewer are never an excess
    double ratio = 1;         // to what is usual
    double evidence = 0;      // the logarithm of one against the odds of chance
};

// How unlikely `some` of `all` or more are when each is one with the chance `usual`: the exponent
// of Chernoff's bound of the binomial tail, so chance makes it with exp(-this) at most. 0 below.
[[nodiscard]] inline double evidence(std::uint64_t some, std::uint64_t all, double usual) {
    if (all == 0) return 0;
    const double n = static_cast<double>(all);
    const double share = static_cast<double>(some) / n;
    if (share <= usual) return 0;
    const double rest = share < 1 ? (1 - share) * std::log((1 - share) / (1 - usual)) : 0;
    return n * (share * std::log(share / usual) + rest);
}

[[nodiscard]] inline bool is_excess(std::uint64_t some, std::uint64_t all, double usual,
                                    const Excess& excess) {
    return some >= excess.least &&
           static_cast<double>(some) >= excess.ratio * usual * static_cast<double>(all) &&
           evidence(some, all, usual) >= excess.evidence;
}

}  // namespace stile::sync
