// SPDX-License-Identifier: Apache-2.0
// Base45: groups of three characters, least significant first.
#include "crypto/base45.hpp"

#include <array>
#include <string_view>

namespace stile::crypto {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr std::uint8_t kOutside = 255;

constexpr std::array<std::uint8_t, 256> kValues = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(kOutside);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i)
        values[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    return values;
}();

void put(std::string& text, std::uint32_t value, std::size_t characters) {
    for (; characters > 0; --characters, value /= 45)
        text.push_back(kAlphabet[value % 45]);
}

// The number that a group of two or three characters stands for.
std::optional<std::uint32_t> group(Bytes text) {
    std::uint32_t value = 0;
    for (std::size_t i = text.size(); i-- > 0;) {
        if (kValues[text[i]] == kOutside) return std::nullopt;
        value = value * 45 + kValues[text[i]];
    }
    return value;
}

}  // namespace

std::string base45_encode(Bytes bytes) {
    std::string text;
    text.reserve(base45_size(bytes.size()));
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
        put(text, bytes[i] * 256U + bytes[i + 1], 3);
    if (bytes.size() % 2 != 0) put(text, bytes.back(), 2);
    return text;
}

std::optional<std::size_t> base45_decode(Bytes text, std::span<std::uint8_t> out) {
    const std::size_t size = (text.size() / 3 * 2) + (text.size() % 3 / 2);
    if (text.size() % 3 == 1 || size > out.size()) return std::nullopt;
    std::size_t at = 0;
    for (; text.size() >= 3; text = text.subspan(3)) {
        const auto value = group(text.first(3));
        if (!value || *value > 0xFFFF) return std::nullopt;
        out[at++] = static_cast<std::uint8_t>(*value >> 8U);
        out[at++] = static_cast<std::uint8_t>(*value & 0xFFU);
    }
    if (!text.empty()) {
        const auto value = group(text);
        if (!value || *value > 0xFF) return std::nullopt;
        out[at] = static_cast<std::uint8_t>(*value);
    }
    return size;
}

}  // namespace stile::crypto
