// SPDX-License-Identifier: Apache-2.0
// Doubling with jitter.
#include "sync/uplink/backoff.hpp"

#include <algorithm>

namespace stile::sync {
namespace {

Backoff::Milliseconds spread(Backoff::Milliseconds delay, std::uint32_t random) {
    const auto half = delay / 2;
    return half + Backoff::Milliseconds{random % (half.count() + 1)};
}

}  // namespace

Backoff::Backoff(Milliseconds first, Milliseconds longest)
    : first_{std::min(first, longest)}, longest_{longest}, delay_{first_} {}

Backoff::Milliseconds Backoff::next(std::uint32_t random) {
    const auto delay = delay_;
    delay_ = std::min(delay_ * 2, longest_);
    return spread(delay, random);
}

Backoff::Milliseconds Backoff::slow(std::uint32_t random) const {
    return spread(longest_, random);
}

}  // namespace stile::sync
