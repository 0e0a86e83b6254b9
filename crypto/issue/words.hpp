// SPDX-License-Identifier: Apache-2.0
// Numbers and words out of text, without exceptions and without leniency.
#pragma once

#include <algorithm>
#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>
#include <vector>

namespace stile::crypto {

// The number that the whole text spells in decimal; nothing if it is no number or does not fit.
template <std::unsigned_integral T>
[[nodiscard]] std::optional<T> parse_number(std::string_view text) {
    T value = 0;
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const auto [stop, error] = std::from_chars(begin, end, value);
    if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

// The words between single spaces; two spaces in a row make an empty word.
[[nodiscard]] inline std::vector<std::string_view> split_words(std::string_view text) {
    std::vector<std::string_view> words;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t space = std::min(text.find(' ', at), text.size());
        words.push_back(text.substr(at, space - at));
        at = space + 1;
    }
    return words;
}

template <std::unsigned_integral T>
[[nodiscard]] std::optional<std::vector<T>> parse_numbers(std::string_view text) {
    std::vector<T> numbers;
    for (const std::string_view word : split_words(text)) {
        const auto number = parse_number<T>(word);
        if (!number) return std::nullopt;
        numbers.push_back(*number);
    }
    return numbers;
}

}  // namespace stile::crypto
