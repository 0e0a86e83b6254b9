// SPDX-License-Identifier: Apache-2.0
// How often something may happen: a bucket that fills at a steady rate and holds one second's
// worth.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace stile {

class RateLimit {
public:
    using Clock = std::chrono::steady_clock;

    explicit RateLimit(std::int64_t per_second)
        : per_second_{static_cast<double>(per_second)}, left_{per_second_} {}

    // Whether it may happen now; counts it if so.
    [[nodiscard]] bool take(Clock::time_point now = Clock::now()) {
        const std::chrono::duration<double> passed = now - last_;
        left_ = std::min(per_second_, left_ + passed.count() * per_second_);
        last_ = now;
        if (left_ < 1) return false;
        left_ -= 1;
        return true;
    }

private:
    double per_second_;
    double left_;
    Clock::time_point last_ = Clock::now();
};

}  // namespace stile
