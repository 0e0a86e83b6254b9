// SPDX-License-Identifier: Apache-2.0
// The time as the gate knows it: a best guess, how it is known, and the bounds of the truth.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "daemon/core/facts.hpp"
#include "daemon/entry/entry.hpp"

namespace stile {

// Why the system clock is not followed.
enum class ClockDoubt : std::uint8_t {
    None,
    Behind,   // it is before what is surely past
    Ahead,    // it is years after the newest entry
    Stepped,  // it was set while the gate ran, and nothing disciplines it
};

struct ClockReading {
    WallTime time;
    ClockQuality quality = ClockQuality::Unsynced;
    ClockBounds bounds;
    ClockDoubt doubt = ClockDoubt::None;
};

// Thread-bound.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual ClockReading now() = 0;
    // The true time is not before `certain`, and hardly before `latest`.
    virtual void learn(WallTime certain, WallTime latest) = 0;
};

// As in JSON and in the journal: "synced"; "" for no doubt.
[[nodiscard]] std::string_view name_of(ClockDoubt doubt);
// What a person should do about it: a sentence, or "".
[[nodiscard]] std::string_view advice_on(ClockDoubt doubt);

}  // namespace stile
