// SPDX-License-Identifier: Apache-2.0
// The conversions and comparisons of the language that the rules come from (JavaScript's, as
// RULES.md lists them).
#pragma once

#include <array>
#include <expected>
#include <limits>
#include <optional>

#include "daemon/core/rules/value.hpp"

namespace stile::rules {

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Empty texts, lists, 0, NaN, false and nothing are false; "0" and objects are true.
[[nodiscard]] bool truthy(const Value& value);

// Number("..."): the whole text, or NaN. Blank text is 0.
[[nodiscard]] double number_of(std::string_view text);
[[nodiscard]] double number_of(const Value& value);
// parseFloat: as much of the front as is a number, or NaN.
[[nodiscard]] double leading_number(const Value& value);

// A whole number that can name something: 3 or "3", below 2^53, without sign or leading zeros.
[[nodiscard]] std::optional<std::uint64_t> id_of(const Value& value);

// 3, 0.1, 1e+21, NaN: as few digits as give the number back.
struct NumberText {
    std::array<char, 32> characters{};
    std::size_t size = 0;
    [[nodiscard]] std::string_view view() const { return {characters.data(), size}; }
};
[[nodiscard]] NumberText text_of(double number);

// String(value). Lists are joined with commas. New text lies in `store`. Errors: TooLarge.
using Text = std::expected<std::string_view, Failure>;
[[nodiscard]] Text text_of(const Value& value, Store& store);
// Array.join: nothing and null are empty.
[[nodiscard]] Text joined(std::span<const Value> items, std::string_view between, Store& store);

[[nodiscard]] bool same(const Value& a, const Value& b);  // ===
using Answer = std::expected<bool, Failure>;
[[nodiscard]] Answer equal(const Value& a, const Value& b, Store& store);  // ==
enum class Order : std::uint8_t { Less, Equal, Greater, None };
[[nodiscard]] std::expected<Order, Failure> compare(const Value& a, const Value& b, Store& store);

}  // namespace stile::rules
