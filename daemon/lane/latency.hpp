// SPDX-License-Identifier: Apache-2.0
// How long admissions took, for health reports.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace stile {

// The last admissions.
class LatencyWindow {
public:
    void add(std::uint32_t microseconds) { last_[next_++ % last_.size()] = microseconds; }
    // The value that `share` (0..1) of the last 256 do not exceed; 0 when there are none.
    [[nodiscard]] std::uint32_t quantile(double share) const {
        const std::size_t count = std::min(next_, last_.size());
        if (count == 0) return 0;
        std::vector<std::uint32_t> sorted{last_.begin(),
                                          last_.begin() + static_cast<std::ptrdiff_t>(count)};
        std::ranges::sort(sorted);
        return sorted[std::min(count - 1,
                               static_cast<std::size_t>(share * static_cast<double>(count)))];
    }

private:
    std::array<std::uint32_t, 256> last_{};
    std::size_t next_ = 0;
};

// How many took at most how long, since the program started: for rates and quantiles over any time.
class LatencyHistogram {
public:
    // Upper bounds in microseconds, inclusive; one more bucket has the rest.
    static constexpr std::array<std::uint32_t, 12> kBounds{1'000,   2'500,   5'000,     10'000,
                                                           25'000,  50'000,  100'000,   200'000,
                                                           300'000, 500'000, 1'000'000, 2'500'000};

    void add(std::uint32_t microseconds) {
        const auto* bound = std::ranges::lower_bound(kBounds, microseconds);
        ++counts_[static_cast<std::size_t>(bound - kBounds.begin())];
        sum_us_ += microseconds;
    }
    // By bucket, each with those below it; the last is the number of all.
    [[nodiscard]] std::array<std::uint64_t, kBounds.size() + 1> cumulative() const {
        auto out = counts_;
        for (std::size_t i = 1; i < out.size(); ++i)
            out[i] += out[i - 1];
        return out;
    }
    [[nodiscard]] std::uint64_t sum_us() const { return sum_us_; }

private:
    std::array<std::uint64_t, kBounds.size() + 1> counts_{};
    std::uint64_t sum_us_ = 0;
};

}  // namespace stile
