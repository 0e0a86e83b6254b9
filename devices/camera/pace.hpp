// SPDX-License-Identifier: Apache-2.0
// Keeps the rate of a recording when it is played as if it were a camera.
#pragma once

#include <chrono>
#include <stop_token>

namespace stile::devices {

// Blocks until `deadline`. False when `stop` was requested first.
[[nodiscard]] bool wait_until(const std::stop_token& stop,
                              std::chrono::steady_clock::time_point deadline);

// Beats at absolute times, so that a late beat does not shift those after it. After a standstill of
// a second it starts anew instead of catching up in a burst.
class Pace {
public:
    explicit Pace(std::chrono::nanoseconds period) : period_{period} {}
    // Blocks until the next beat; the first one is at once. False when `stop` was requested.
    [[nodiscard]] bool wait(const std::stop_token& stop);

private:
    std::chrono::nanoseconds period_;
    std::chrono::steady_clock::time_point next_;
};

}  // namespace stile::devices
