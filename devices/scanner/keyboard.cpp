// SPDX-License-Identifier: Apache-2.0
// Compares each report with the one before.
#include "devices/scanner/keyboard.hpp"

#include <algorithm>

namespace stile::devices {
namespace {

bool is_modifier(std::uint8_t usage) {
    return usage >= key::kFirstModifier && usage <= key::kLastModifier;
}

}  // namespace

std::uint8_t Keyboard::modifiers_of(Bytes report) const {
    unsigned bits = 0;
    for (std::uint32_t i = 0; form_.modifiers && i < 8; ++i) {
        const std::uint32_t at = *form_.modifiers + i;
        const std::size_t byte = at / 8;
        if (byte < report.size()) bits |= ((report[byte] >> (at % 8)) & 1U) << i;
    }
    for (const std::uint8_t usage : report.subspan(form_.keys.begin, form_.keys.size)) {
        if (is_modifier(usage)) bits |= 1U << (usage - key::kFirstModifier);
    }
    return static_cast<std::uint8_t>(bits);
}

const std::vector<KeyStroke>& Keyboard::take(Bytes report) {
    strokes_.clear();
    if (report.size() < form_.keys.end()) return strokes_;
    if (form_.report != 0 && report.front() != form_.report) return strokes_;
    if (const std::uint8_t now = modifiers_of(report); now != modifiers_) {
        modifiers_ = now;
        strokes_.push_back({0, now});
    }
    const Bytes keys = report.subspan(form_.keys.begin, form_.keys.size);
    const auto is_error = [](std::uint8_t usage) { return usage > 0 && usage <= key::kLastError; };
    if (std::ranges::any_of(keys, is_error)) return strokes_;
    for (const std::uint8_t usage : keys) {
        const bool held = std::ranges::find(down_, usage) != down_.end();
        if (usage != 0 && !held && !is_modifier(usage)) strokes_.push_back({usage, modifiers_});
    }
    down_.assign(keys.begin(), keys.end());
    return strokes_;
}

}  // namespace stile::devices
