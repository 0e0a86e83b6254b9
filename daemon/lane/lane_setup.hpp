// SPDX-License-Identifier: Apache-2.0
// A lane's devices, and what follows from how they are wired.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "daemon/core/visit.hpp"
#include "devices/turnstile/turnstile.hpp"

namespace stile {

struct LaneSetup {
    std::string name;
    Direction direction = Direction::Entry;  // of its readers that have none of their own
    std::unique_ptr<devices::Turnstile> turnstile;
    std::chrono::milliseconds sensor_stuck{10'000};  // covered for longer is an event
    devices::Ways ways = devices::Ways::Both;        // that it opens when it is free
};

}  // namespace stile
