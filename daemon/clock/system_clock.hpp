// SPDX-License-Identifier: Apache-2.0
// The clocks of this machine, and what is believed of them.
#pragma once

#include "daemon/clock/trusted_time.hpp"

namespace stile {

// Not before the build of this program. Thread-bound.
class SystemClock final : public Clock {
public:
    explicit SystemClock(std::chrono::milliseconds assumed_error = std::chrono::seconds{5});
    // Two system calls and a question to the kernel: well below a microsecond each.
    [[nodiscard]] ClockReading now() override;
    void learn(WallTime certain, WallTime latest) override { time_.learn(certain, latest); }

private:
    TrustedTime time_;
};

}  // namespace stile
