// SPDX-License-Identifier: Apache-2.0
// A moment as payloads give it: UTC with milliseconds, and whether the clock can be believed.
#pragma once

#include <chrono>

#include "daemon/entry/entry.hpp"

namespace stile::sync {

struct Stamp {
    std::chrono::sys_time<std::chrono::milliseconds> time;
    ClockQuality clock = ClockQuality::Unsynced;
};

}  // namespace stile::sync
