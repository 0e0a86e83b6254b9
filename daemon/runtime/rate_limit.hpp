// SPDX-License-Identifier: Apache-2.0
// How often something may happen: some at once, then one a period.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace stile {

// Pure: time is an argument, of any clock that does not go back. One moment instead of a counter.
class RateLimit {
public:
    using Time = std::chrono::nanoseconds;

    RateLimit(Time period, std::int64_t at_once) : period_{period}, most_{at_once * period} {}
    // That many a second, and a second's worth at once.
    static RateLimit per_second(std::int64_t count) {
        return {Time{std::chrono::seconds{1}} / count, count};
    }

    // Whether it may happen now; counts it if so. A time before the last one counts as the last.
    [[nodiscard]] bool take(Time now) {
        last_ = std::max(last_, now);
        const Time next = std::max(whole_at_, last_) + period_;
        if (next - last_ > most_) return false;
        whole_at_ = next;
        return true;
    }

private:
    Time period_;
    Time most_;
    Time whole_at_{};  // when all would be allowed at once again
    Time last_{};
};

}  // namespace stile
