// SPDX-License-Identifier: Apache-2.0
// Alt and numbers, and AltGr by its two names.
#include "devices/scanner/typist.hpp"

#include <charconv>
#include <utility>

namespace stile::devices {
namespace {

constexpr std::size_t kMaxDigits = 5;
constexpr unsigned kControl = modifier::kLeftControl | modifier::kRightControl;

bool is_pad_digit(std::uint8_t usage) {
    return usage >= key::kPad1 && usage <= key::kPad0;
}

char pad_digit(std::uint8_t usage) {
    return usage == key::kPad0 ? '0' : static_cast<char>('1' + (usage - key::kPad1));
}

// Windows takes Control with left Alt for AltGr, and some scanners type it so.
KeyStroke with_altgr(KeyStroke stroke) {
    unsigned bits = stroke.modifiers;
    if ((bits & modifier::kLeftAlt) != 0 && (bits & kControl) != 0)
        bits = (bits & ~(kControl | modifier::kLeftAlt)) | modifier::kRightAlt;
    stroke.modifiers = static_cast<std::uint8_t>(bits);
    return stroke;
}

}  // namespace

// ASCII, and of ISO 8859-1 what Windows has in the same place, there with a leading zero only.
std::optional<std::string> Typist::character() {
    const std::string digits = std::exchange(digits_, {});
    unsigned number = 0;
    (void)std::from_chars(digits.data(), digits.data() + digits.size(), number);  // only digits
    if (digits.size() > kMaxDigits || number == 0 || number > 255) return std::nullopt;
    if (number < 128) return std::string(1, static_cast<char>(number));
    if (digits.front() != '0' || number < 160) return std::nullopt;
    return std::string{static_cast<char>(0xC0 | (number >> 6)),
                       static_cast<char>(0x80 | (number & 0x3F))};
}

std::optional<std::string> Typist::type(const KeyStroke& raw) {
    const bool alt = (raw.modifiers & modifier::kLeftAlt) != 0;
    if (alt && is_pad_digit(raw.usage)) {
        if (digits_.size() <= kMaxDigits) digits_.push_back(pad_digit(raw.usage));
        return std::string{};
    }
    std::string text;
    if (!alt && !digits_.empty()) {
        auto numbered = character();
        if (!numbered) return std::nullopt;
        text = std::move(*numbered);
    }
    if (raw.usage == 0 || raw.usage == key::kNumLock) return text;
    const KeyStroke stroke = with_altgr(raw);
    constexpr unsigned kUnread = modifier::kLeftAlt | modifier::kLeftGui | modifier::kRightGui;
    if ((stroke.modifiers & kUnread) != 0) return std::nullopt;
    const auto typed = layout_->text(stroke);
    if (!typed) return std::nullopt;
    return text + *typed;
}

void Typist::reset() {
    layout_->reset();
    digits_.clear();
}

}  // namespace stile::devices
