// SPDX-License-Identifier: Apache-2.0
// What is known of particular readers beyond CCID: their slots, their lamps and their buzzers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "devices/usb/usb_interface.hpp"

namespace stile::devices {

// What a reader shows the person before it.
enum class Signal : std::uint8_t {
    Idle,    // dark: hold your card here
    Admit,   // green, one short beep
    Refuse,  // red, two beeps or a long one
    Wait,    // orange: the lane is busy
    Closed,  // red: no connection to stiled, cards are ignored
};

// How its lamp is told.
enum class Lamp : std::uint8_t { None, Acr122, Acr1252 };

struct CcidProfile {
    std::string_view name;  // empty: a reader that we do not know
    std::uint16_t vendor = 0;
    std::uint16_t product = 0;
    Lamp lamp = Lamp::None;
    std::optional<std::uint8_t> slot;  // the contactless one, where there are several
    std::uint16_t oldest_release = 0;  // firmware before this is known to fail
};

// The profile of this reader, or one that knows nothing.
[[nodiscard]] const CcidProfile& profile_of(std::uint16_t vendor, std::uint16_t product);

// The payloads of escape commands; none where the reader needs or knows none. Nothing else is ever
// sent to a reader as an escape command, whatever comes from stiled.
using Escapes = std::vector<Buffer>;
// Once after it was claimed: it beeps and blinks when we say so, and looks for cards often.
[[nodiscard]] Escapes setup_escapes(const CcidProfile& profile);
[[nodiscard]] Escapes signal_escapes(const CcidProfile& profile, Signal signal);

}  // namespace stile::devices
