// SPDX-License-Identifier: Apache-2.0
// Time slots: when a product may come in.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "daemon/core/visit.hpp"
#include "daemon/core/zone.hpp"

namespace stile {

// Between these the true time lies.
struct TimeBounds {
    WallTime earliest;
    WallTime latest;
};

// Every week on some days, or once. It holds from its begin to before its end.
struct Slot {
    std::string name;
    std::uint8_t days = 0;         // bit 0 is Monday, bit 6 Sunday; 0: once
    std::chrono::minutes from{0};  // after midnight, as the clocks of the zone show it
    std::chrono::minutes to{0};    // not after `from`: on the next day
    WallTime begins;               // once
    WallTime ends;
    std::chrono::minutes early{0};  // grace: so much before it
    std::chrono::minutes late{0};   // so much after it
    friend bool operator==(const Slot&, const Slot&) = default;
};

// Whether it may hold now, grace included.
[[nodiscard]] bool may_hold(const Slot& slot, const TimeBounds& now, const Zone& zone);
// When it begins next, without grace; nothing when it does not within eight days, or is once and
// over.
[[nodiscard]] std::optional<WallTime> next_begin(const Slot& slot, WallTime now, const Zone& zone);

}  // namespace stile
