// SPDX-License-Identifier: Apache-2.0
// What the site says of one lane.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/visit.hpp"
#include "daemon/lane/group.hpp"
#include "daemon/lane/platform.hpp"
#include "daemon/lane/schedule.hpp"
#include "devices/turnstile/turnstile.hpp"

namespace stile {

// Whether a guest who is admitted is greeted by name, where the orders know it.
enum class Greeting : std::uint8_t { None, Name };

struct LaneSetup {
    std::string name;
    Direction direction = Direction::Entry;  // of its readers that have none of their own
    std::chrono::milliseconds passage_timeout{8000};
    std::unique_ptr<devices::Turnstile> turnstile;
    std::chrono::milliseconds sensor_stuck{10'000};  // covered for longer is an event
    devices::Ways ways = devices::Ways::Both;        // that it opens when it is free
    GroupWay group = GroupWay::Together;
    std::chrono::milliseconds each_person{2000};  // more time for each further one of a group
    std::vector<ScheduleRow> schedule;
    std::vector<PlatformList> lists;  // one an event, the most likely first
    std::string entrance;             // as the people call it, for the sign; empty: nothing
    Greeting greeting = Greeting::None;
};

}  // namespace stile
