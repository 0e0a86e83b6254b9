// SPDX-License-Identifier: Apache-2.0
// Makes key strokes of a keyboard's reports, which only say which keys are down.
#pragma once

#include <cstdint>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "devices/scanner/scanner_form.hpp"

namespace stile::devices {

// The keys of usage page 07 that are meant by name.
namespace key {
inline constexpr std::uint8_t kLastError = 0x03;  // 01 to 03: too many keys are down, or a fault
inline constexpr std::uint8_t kCapsLock = 0x39;
inline constexpr std::uint8_t kNumLock = 0x53;
inline constexpr std::uint8_t kPad1 = 0x59;
inline constexpr std::uint8_t kPad0 = 0x62;
inline constexpr std::uint8_t kFirstModifier = 0xE0;
inline constexpr std::uint8_t kLastModifier = 0xE7;
}  // namespace key

// The bits of a boot report's first byte, in the order of the usages E0 to E7.
namespace modifier {
inline constexpr std::uint8_t kLeftControl = 0x01;
inline constexpr std::uint8_t kLeftShift = 0x02;
inline constexpr std::uint8_t kLeftAlt = 0x04;
inline constexpr std::uint8_t kLeftGui = 0x08;
inline constexpr std::uint8_t kRightControl = 0x10;
inline constexpr std::uint8_t kRightShift = 0x20;
inline constexpr std::uint8_t kRightAlt = 0x40;
inline constexpr std::uint8_t kRightGui = 0x80;
}  // namespace modifier

struct KeyStroke {
    std::uint8_t usage = 0;      // that went down; 0: only the modifiers changed
    std::uint8_t modifiers = 0;  // that were down then
    friend bool operator==(const KeyStroke&, const KeyStroke&) = default;
};

// Pure: a report in, key strokes out.
class Keyboard {
public:
    explicit Keyboard(const KeyboardForm& form) : form_{form} {}

    // Valid until the next call. A report of another number, or one that is too short, says
    // nothing.
    [[nodiscard]] const std::vector<KeyStroke>& take(Bytes report);

private:
    [[nodiscard]] std::uint8_t modifiers_of(Bytes report) const;

    KeyboardForm form_;
    Buffer down_;
    std::uint8_t modifiers_ = 0;
    std::vector<KeyStroke> strokes_;
};

}  // namespace stile::devices
