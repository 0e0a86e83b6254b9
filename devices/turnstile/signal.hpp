// SPDX-License-Identifier: Apache-2.0
// What a turnstile can tell, and which of it a given one has.
#pragma once

#include <cstdint>

namespace stile::devices {

// One change of one input, already debounced. `Outer` is the sensor that somebody who enters covers
// first; a turnstile with one sensor has only that.
enum class Signal : std::uint8_t {
    OuterCovered = 1,
    OuterClear,
    InnerCovered,
    InnerClear,
    Unlocked,  // the arm itself says so
    Locked,
    FireOn,
    FireOff,
    TamperOpened,
    TamperClosed,
    Gone,  // the device does not answer; nothing is known of its arm and its sensors
    Back,
    Last = Back
};

struct Capabilities {
    bool second_sensor = false;  // it tells the direction of a passage
    bool arm_feedback = false;   // it tells Unlocked and Locked
    bool sensor = true;          // it tells that somebody passed; without one nobody knows
};

// In which directions an open turnstile lets pass.
enum class Ways : std::uint8_t { Entry = 1, Exit, Both };

}  // namespace stile::devices
