// SPDX-License-Identifier: Apache-2.0
// A moment as payloads give it: UTC with milliseconds, and whether the clock can be believed.
#pragma once

#include <chrono>
#include <string>

#include "daemon/entry/entry.hpp"

namespace stile::sync {

struct Stamp {
    std::chrono::sys_time<std::chrono::milliseconds> time;
    ClockQuality clock = ClockQuality::Unsynced;
};

// RFC 3339: "2026-05-01T18:00:00.250Z". Outside the years 1970 to 9999: the nearest moment inside.
[[nodiscard]] std::string rfc3339(std::chrono::sys_time<std::chrono::milliseconds> time);

}  // namespace stile::sync
