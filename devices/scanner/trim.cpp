// SPDX-License-Identifier: Apache-2.0
// The steps of SCANNER.md, in their order.
#include "devices/scanner/trim.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace stile::devices {
namespace {

constexpr std::size_t kAimSize = 3;
constexpr std::size_t kEciDigits = 6;

// AIM identifiers that say that a backslash is written twice and begins an escape.
constexpr std::array<std::string_view, 15> kWithEci{"]Q2", "]Q4", "]Q6", "]d4", "]d5",
                                                    "]d6", "]z3", "]z4", "]z5", "]z9",
                                                    "]zA", "]zB", "]L1", "]U2", "]U3"};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Bytes of the escape at the front of `text`, which begins with a backslash; 0: it is none.
std::size_t escape_size(std::string_view text) {
    const std::string_view digits = text.substr(1, kEciDigits);
    const bool whole = digits.size() == kEciDigits && std::ranges::all_of(digits, is_digit);
    return whole ? 1 + kEciDigits : 0;
}

// Nothing when the text is not written with escapes.
std::optional<std::string> without_eci(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        std::size_t taken = 1;
        if (text.front() != '\\') {
            plain.push_back(text.front());
        } else if (text.substr(1).starts_with('\\')) {
            plain.push_back('\\');
            taken = 2;
        } else {
            taken = escape_size(text);
            if (taken == 0) return std::nullopt;
        }
        text.remove_prefix(taken);
    }
    return plain;
}

}  // namespace

bool is_aim(std::string_view text) {
    return text.size() == kAimSize && text[0] == ']' && is_letter(text[1]) &&
           (is_digit(text[2]) || is_letter(text[2]));
}

std::string trim(std::string_view text, const Wrapping& wrapping, std::string_view aim) {
    while (!text.empty() && is_line_end(static_cast<std::uint8_t>(text.back())))
        text.remove_suffix(1);
    if (text.ends_with(wrapping.suffix)) text.remove_suffix(wrapping.suffix.size());
    if (text.starts_with(wrapping.prefix)) text.remove_prefix(wrapping.prefix.size());
    if (is_aim(text.substr(0, kAimSize))) {
        if (aim.empty()) aim = text.substr(0, kAimSize);
        text.remove_prefix(kAimSize);
    }
    if (std::ranges::find(kWithEci, aim) == kWithEci.end()) return std::string{text};
    return without_eci(text).value_or(std::string{text});
}

}  // namespace stile::devices
