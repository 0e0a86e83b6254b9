// SPDX-License-Identifier: Apache-2.0
// How many people of a group ticket one release lets pass. Pure.
#pragma once

#include <cstdint>

#include "crypto/ticket.hpp"
#include "daemon/core/facts.hpp"

namespace stile {

enum class GroupWay : std::uint8_t {
    Together,  // all that the ticket has left, behind each other
    Single     // each shows it again
};

// For a ticket that is admitted; at least 1. Where nobody counts (no limit, re-entry always), a
// ticket without a number of people admits one.
[[nodiscard]] constexpr std::uint8_t people_to_admit(std::uint8_t admissions,
                                                     const EntryFacts& entry, Reentry reentry,
                                                     Direction direction, GroupWay way) {
    constexpr std::uint8_t kUnlimited = 255;
    if (way == GroupWay::Single || admissions == kUnlimited) return 1;
    const std::uint32_t inside = entry.entered - entry.left;
    std::uint32_t people = admissions;
    if (direction == Direction::Exit) {
        people = inside;
    } else if (reentry != Reentry::Always) {
        const std::uint32_t counted = reentry == Reentry::AfterExit ? inside : entry.entered;
        people = counted < admissions ? admissions - counted : 1;
    }
    if (people == 0) return 1;
    return people < kUnlimited ? static_cast<std::uint8_t>(people) : kUnlimited - 1;
}

}  // namespace stile
