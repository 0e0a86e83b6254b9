// SPDX-License-Identifier: Apache-2.0
// Hexadecimal text and UTF-8.
#include "crypto/base/bytes.hpp"

namespace stile {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

std::optional<std::uint8_t> nibble(char digit) {
    if (digit >= '0' && digit <= '9') return static_cast<std::uint8_t>(digit - '0');
    if (digit >= 'a' && digit <= 'f') return static_cast<std::uint8_t>(digit - 'a' + 10);
    if (digit >= 'A' && digit <= 'F') return static_cast<std::uint8_t>(digit - 'A' + 10);
    return std::nullopt;
}

// How many bytes follow a lead byte, and the smallest code point that may use that many.
struct Lead {
    std::size_t follow;
    std::uint32_t bits;
    std::uint32_t smallest;
};

std::optional<Lead> lead(std::uint8_t byte) {
    if (byte < 0x80) return Lead{0, byte, 0};
    if ((byte & 0xE0U) == 0xC0U) return Lead{1, byte & 0x1FU, 0x80};
    if ((byte & 0xF0U) == 0xE0U) return Lead{2, byte & 0x0FU, 0x800};
    if ((byte & 0xF8U) == 0xF0U) return Lead{3, byte & 0x07U, 0x10000};
    return std::nullopt;
}

}  // namespace

std::string to_hex(Bytes bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text.push_back(kDigits[byte >> 4U]);
        text.push_back(kDigits[byte & 0x0FU]);
    }
    return text;
}

std::optional<Buffer> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    Buffer bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = nibble(text[i]);
        const auto low = nibble(text[i + 1]);
        if (!high || !low) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>((*high << 4U) | *low));
    }
    return bytes;
}

bool is_utf8(Bytes bytes) {
    for (std::size_t i = 0; i < bytes.size();) {
        const auto first = lead(bytes[i]);
        if (!first || i + first->follow >= bytes.size()) return false;
        std::uint32_t point = first->bits;
        for (std::size_t k = 1; k <= first->follow; ++k) {
            if ((bytes[i + k] & 0xC0U) != 0x80U) return false;
            point = (point << 6U) | (bytes[i + k] & 0x3FU);
        }
        const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
        if (point < first->smallest || point > 0x10FFFF || surrogate) return false;
        i += first->follow + 1;
    }
    return true;
}

std::string_view utf8_head(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return text;
    while (limit > 0 && (static_cast<std::uint8_t>(text[limit]) & 0xC0U) == 0x80U)
        --limit;
    return text.substr(0, limit);
}

void ByteWriter::raw(Bytes bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
}

}  // namespace stile
