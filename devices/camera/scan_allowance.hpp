// SPDX-License-Identifier: Apache-2.0
// How many codes a reader passes on: enough for any crowd, too few for an attack.
#pragma once

#include <chrono>

namespace stile::devices {

// A full frame of codes at once, then ten a second: a lane lets one person pass in that time. A
// screen that shows other codes fifty times a second fills no ledger. Pure: time is an argument.
class ScanAllowance {
public:
    static constexpr int kAtOnce = 20;
    static constexpr std::chrono::milliseconds kPeriod{100};  // for one more

    // Whether one more may be passed on now. A time before the last one counts as the last one.
    [[nodiscard]] bool take(std::chrono::nanoseconds now);

private:
    // When the allowance would be whole again: it is used up when that is kAtOnce periods away.
    std::chrono::nanoseconds whole_at_{};
    std::chrono::nanoseconds last_{};
};

}  // namespace stile::devices
