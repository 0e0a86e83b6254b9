// SPDX-License-Identifier: Apache-2.0
// Scanners of paper: their report descriptors, and a finger that types a text on a layout.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "devices/scanner/keyboard_layout.hpp"

namespace stile::devices::testing {

// A keyboard as section E.6 of the HID specification has it: modifiers, a byte, lamps, six keys.
[[nodiscard]] Buffer keyboard_descriptor();
// The same with report number 1, and a consumer control of number 2 in front of it.
[[nodiscard]] Buffer numbered_keyboard_descriptor();
// Report 2: length, AIM identifier, 56 bytes of data, two bytes, and "more follows".
[[nodiscard]] Buffer pos_descriptor();
// Report without a number: 32 bytes of data and nothing else.
[[nodiscard]] Buffer plain_pos_descriptor();

// Boot reports: each key down, then up. Ends the test program when the layout lacks a character.
[[nodiscard]] std::vector<Buffer> typed(std::string_view layout, std::string_view text);
[[nodiscard]] Buffer boot_report(std::uint8_t modifiers, const Buffer& keys);
inline constexpr std::uint8_t kEnter = 0x28;
inline constexpr std::uint8_t kTab = 0x2B;

// A report of pos_descriptor().
enum class More { No, Yes };
[[nodiscard]] Buffer pos_report(std::string_view aim, std::string_view data, More more = More::No);

}  // namespace stile::devices::testing
