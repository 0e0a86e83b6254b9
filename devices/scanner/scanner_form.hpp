// SPDX-License-Identifier: Apache-2.0
// What kind of scanner a HID device is, and where its reports hold what was read.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "devices/scanner/report_descriptor.hpp"

namespace stile::devices {

// Bytes of a report, counted from its first byte (its number, if reports have one).
struct ByteRange {
    std::size_t begin = 0;
    std::size_t size = 0;
    [[nodiscard]] std::size_t end() const { return begin + size; }
    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

// A report of key strokes.
struct KeyboardForm {
    std::uint8_t report = 0;                 // its number; 0: none
    std::optional<std::uint32_t> modifiers;  // bit where the eight of them begin
    ByteRange keys;                          // one byte a key that is down
    friend bool operator==(const KeyboardForm&, const KeyboardForm&) = default;
};

// The report of boot protocol, which every keyboard that a PC's firmware can use has.
inline constexpr KeyboardForm kBootKeyboard{.report = 0, .modifiers = 0, .keys = {2, 6}};

// A report of decoded data (usage page 8C).
struct PosForm {
    std::uint8_t report = 0;
    ByteRange data;
    std::optional<ByteRange> length;                // one or two bytes
    std::optional<std::array<std::size_t, 3>> aim;  // bytes of the AIM identifier
    std::optional<std::uint32_t> more;              // bit that says that another piece follows
    friend bool operator==(const PosForm&, const PosForm&) = default;
};

using ScannerForm = std::variant<KeyboardForm, PosForm>;

// Nothing when it is no scanner of either kind. Whoever is both is a POS scanner.
[[nodiscard]] std::optional<ScannerForm> scanner_form(const std::vector<HidField>& fields);

// Bytes of the longest input report, its number included.
[[nodiscard]] std::size_t report_bytes(const std::vector<HidField>& fields);

}  // namespace stile::devices
