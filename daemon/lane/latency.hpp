// SPDX-License-Identifier: Apache-2.0
// The latencies of the last admissions, for health reports.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace stile {

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

}  // namespace stile
