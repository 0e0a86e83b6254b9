// SPDX-License-Identifier: Apache-2.0
// One moment instead of a counter.
#include "devices/camera/scan_allowance.hpp"

#include <algorithm>

namespace stile::devices {

bool ScanAllowance::take(std::chrono::nanoseconds now) {
    last_ = std::max(last_, now);
    const auto next = std::max(whole_at_, last_) + kPeriod;
    if (next - last_ > kAtOnce * kPeriod) return false;
    whole_at_ = next;
    return true;
}

}  // namespace stile::devices
