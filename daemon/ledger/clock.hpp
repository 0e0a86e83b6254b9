// SPDX-License-Identifier: Apache-2.0
// The wall clock as the gate trusts it.
#pragma once

#include <chrono>

#include "daemon/core/facts.hpp"
#include "daemon/entry/entry.hpp"

namespace stile {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

struct ClockReading {
    WallTime time;
    ClockQuality quality = ClockQuality::Unsynced;
};

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual ClockReading now() const = 0;
};

// CLOCK_REALTIME; synced when the kernel says that something disciplines it.
class SystemClock final : public Clock {
public:
    [[nodiscard]] ClockReading now() const override;
};

// The true time is not before `floor` (build time, newest signed object, last ledger entry),
// whatever the clock says.
[[nodiscard]] ClockBounds bounds_of(const ClockReading& reading, WallTime floor);
// When this program was built.
[[nodiscard]] WallTime build_time();

}  // namespace stile
