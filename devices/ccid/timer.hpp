// SPDX-License-Identifier: Apache-2.0
// Time as the driver of card readers sees it: a clock and one alarm.
#pragma once

#include <chrono>

namespace stile::devices {

// Thread-bound. The one on an event loop is in devices/reader/loop_timer.hpp; tests turn their own.
class Timer {
public:
    using Time = std::chrono::nanoseconds;  // CLOCK_MONOTONIC

    virtual ~Timer() = default;
    [[nodiscard]] virtual Time now() const = 0;
    // Calls CcidReader::on_alarm() at `when` or soon after, never from inside this function. There
    // is one alarm: a new one takes the place of the one before.
    virtual void wake_at(Time when) = 0;
};

}  // namespace stile::devices
