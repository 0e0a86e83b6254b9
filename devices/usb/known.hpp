// SPDX-License-Identifier: Apache-2.0
// The card readers that stile takes without being told their model.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace stile::devices {

struct KnownReader {
    std::uint16_t vendor;
    std::uint16_t product;
    std::string_view name;
};

// Contactless readers that exchange whole APDUs. Scanners are not here: they are known by class.
[[nodiscard]] std::span<const KnownReader> known_readers();

// nullptr for any other model.
[[nodiscard]] const KnownReader* known_reader(std::uint16_t vendor, std::uint16_t product);

// A relay board of a turnstile: HID, like a scanner, and never one.
[[nodiscard]] bool is_relay_board(std::uint16_t vendor, std::uint16_t product);
inline constexpr std::string_view kRelayBoard =
    "it is a relay board of a turnstile; see devices/turnstile/WIRING.md";

}  // namespace stile::devices
