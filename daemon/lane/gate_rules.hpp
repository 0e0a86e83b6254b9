// SPDX-License-Identifier: Apache-2.0
// What a gate decides by: one value, which another may replace while it runs.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crypto/key_ring.hpp"
#include "daemon/core/facts.hpp"
#include "daemon/core/policy/access_policy.hpp"
#include "daemon/lane/group.hpp"
#include "daemon/lane/platform.hpp"
#include "daemon/lane/schedule.hpp"

namespace stile {

// Whether a guest who is admitted is greeted by name, where the orders know it.
enum class Greeting : std::uint8_t { None, Name };

// Of one lane, beside its wiring. An admission that is open keeps those under which it began.
struct LaneTerms {
    std::chrono::milliseconds passage_timeout{8000};
    GroupWay group = GroupWay::Together;
    std::chrono::milliseconds each_person{2000};  // more time for each further one of a group
    std::vector<ScheduleRow> schedule;
    std::vector<PlatformList> lists;  // one an event, the most likely first
    std::string entrance;             // as the people call it, for the sign; empty: nothing
    Greeting greeting = Greeting::None;
};

struct GateRules {
    crypto::KeyRing keys;
    std::vector<std::uint32_t> events;    // that this gate admits; none: all that a key signs
    std::vector<std::uint64_t> products;  // none: all
    Reentry reentry = Reentry::Never;
    std::vector<std::uint64_t> staff_products;  // whose tickets open the lane's menu
    std::optional<PlatformSetup> platform;      // nothing: no lane has lists
    std::optional<AccessPolicy> venue;          // nothing: nothing beside a good ticket is asked
    // What the clocks of the place show, for schedules; nothing: UTC.
    std::function<std::chrono::local_time<std::chrono::milliseconds>(WallTime)> local_time;
    std::vector<LaneTerms> lanes;  // in the order of the gate's lanes

    // Borrows.
    [[nodiscard]] Policy own() const { return {events, products, reentry}; }
};

}  // namespace stile
