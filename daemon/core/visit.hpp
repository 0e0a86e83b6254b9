// SPDX-License-Identifier: Apache-2.0
// One earlier passage of a credential, as the decision sees it.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace stile {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

enum class Direction : std::uint8_t { Entry = 1, Exit, Last = Exit };

// An access list of an event (a pretix check-in list is one). List 0 is the gate's own, of its
// policy.
struct ListKey {
    std::uint32_t event = 0;
    std::uint64_t list = 0;
    friend auto operator<=>(const ListKey&, const ListKey&) = default;
};

// Somebody passed on this credential, or may be passing now. In order: by time, then by `order`.
struct Visit {
    WallTime time;
    std::uint64_t order = 0;  // of two at the same time the later has the larger; ledger: the
                              // sequence number of its Decided
    Direction direction = Direction::Entry;
    enum class Standing : std::uint8_t {
        Passed = 1,
        Open  // admitted, and it is not known yet whether anybody passed: counts as a passage
    } standing = Standing::Passed;
    std::uint8_t people = 1;  // on one ticket of a group
    friend auto operator<=>(const Visit&, const Visit&) = default;
};

}  // namespace stile
