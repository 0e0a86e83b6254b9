// SPDX-License-Identifier: Apache-2.0
// Takes off what a scanner puts around a ticket's text (SCANNER.md). Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace stile::devices {

inline constexpr std::size_t kMaxScannedBytes = 4096;

// CR, LF and TAB, which end a scan and are no part of one.
[[nodiscard]] constexpr bool is_line_end(std::uint8_t byte) {
    return byte == '\r' || byte == '\n' || byte == '\t';
}

// What the site file says that the scanner puts around each code.
struct Wrapping {
    std::string prefix;
    std::string suffix;
};

// "]Q1" and its like.
[[nodiscard]] bool is_aim(std::string_view text);

// `aim`: the AIM identifier that came beside the text; empty: none did.
[[nodiscard]] std::string trim(std::string_view text, const Wrapping& wrapping,
                               std::string_view aim = {});

}  // namespace stile::devices
