// SPDX-License-Identifier: Apache-2.0
// Numbers to text and back, as JavaScript writes and reads them.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include "daemon/core/rules/coerce.hpp"

namespace stile::rules {
namespace {

constexpr std::string_view kBlank = " \t\n\v\f\r";

std::string_view trimmed(std::string_view text) {
    const auto begin = std::min(text.find_first_not_of(kBlank), text.size());
    text.remove_prefix(begin);
    return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::size_t digits_at(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && is_digit(text[end]))
        ++end;
    return end - at;
}

// How much of the front is a decimal literal: 1, .5, 1., 1e5; a sign may come before.
std::size_t decimal_length(std::string_view text) {
    std::size_t at = text.starts_with('+') || text.starts_with('-') ? 1 : 0;
    const std::size_t whole = digits_at(text, at);
    at += whole;
    std::size_t fraction = 0;
    if (at < text.size() && text[at] == '.') {
        fraction = digits_at(text, at + 1);
        if (whole + fraction > 0) at += 1 + fraction;
    }
    if (whole + fraction == 0) return 0;
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        const bool sign = at + 1 < text.size() && (text[at + 1] == '+' || text[at + 1] == '-');
        const std::size_t exponent = digits_at(text, at + 1 + (sign ? 1 : 0));
        if (exponent > 0) at += 1 + (sign ? 1 : 0) + exponent;
    }
    return at;
}

// `literal` is one, whole.
double decimal(std::string_view literal) {
    if (literal.starts_with('+')) literal.remove_prefix(1);
    double value = 0;
    const auto [stop, error] =
        std::from_chars(literal.data(), literal.data() + literal.size(), value);
    if (error != std::errc::result_out_of_range) return value;
    // Too large, or so small that it is nothing: the sign of its exponent says which.
    const auto exponent = literal.find_first_of("eE");
    const bool tiny = exponent != std::string_view::npos && literal[exponent + 1] == '-';
    const bool small = tiny || literal.find_first_of("123456789") > literal.find('.');
    const double magnitude = small ? 0 : kInfinity;
    return literal.starts_with('-') ? -magnitude : magnitude;
}

std::optional<double> infinity(std::string_view text) {
    if (text == "Infinity" || text == "+Infinity") return kInfinity;
    if (text == "-Infinity") return -kInfinity;
    return std::nullopt;
}

// 0x1f, 0b101, 0o17.
std::optional<double> prefixed(std::string_view text) {
    if (text.size() < 3 || text[0] != '0') return std::nullopt;
    const char kind = static_cast<char>(text[1] | 0x20);
    const int base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 0;
    if (base == 0) return std::nullopt;
    double value = 0;
    for (const char c : text.substr(2)) {
        int digit = 0;
        const auto [stop, error] = std::from_chars(&c, &c + 1, digit, base);
        if (error != std::errc{}) return kNan;
        value = value * base + digit;
    }
    return value;
}

// The shortest digits that give the number back, and the place of the point behind the first.
struct Digits {
    std::array<char, 24> digits{};
    std::size_t count = 0;
    int exponent = 0;
};

Digits shortest(double number) {
    std::array<char, 40> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::scientific)
            .ptr;
    const std::string_view written{text.data(), static_cast<std::size_t>(end - text.data())};
    const auto e = written.find('e');
    Digits out;
    for (const char c : written.substr(0, e)) {
        if (is_digit(c)) out.digits[out.count++] = c;
    }
    const auto exponent = written.substr(written[e + 1] == '+' ? e + 2 : e + 1);
    (void)std::from_chars(exponent.data(), exponent.data() + exponent.size(), out.exponent);
    return out;
}

class Writer {
public:
    explicit Writer(NumberText& out) : out_{out} {}
    void put(char c) { out_.characters[out_.size++] = c; }
    void put(std::string_view text) {
        for (const char c : text)
            put(c);
    }
    void zeros(int count) {
        for (int i = 0; i < count; ++i)
            put('0');
    }
    void exponent(int value) {
        put('e');
        put(value < 0 ? '-' : '+');
        std::array<char, 8> text{};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), std::abs(value)).ptr;
        put({text.data(), static_cast<std::size_t>(end - text.data())});
    }

private:
    NumberText& out_;
};

void write_digits(Writer& out, const Digits& number) {
    const std::string_view digits{number.digits.data(), number.count};
    const int count = static_cast<int>(number.count);
    const int point = number.exponent + 1;  // digits before it
    constexpr int kLongest = 21;
    constexpr int kSmallest = -6;
    if (point > kLongest || point <= kSmallest) {
        out.put(digits.substr(0, 1));
        if (count > 1) out.put('.');
        out.put(digits.substr(1));
        return out.exponent(number.exponent);
    }
    if (point <= 0) {
        out.put("0.");
        out.zeros(-point);
        return out.put(digits);
    }
    out.put(digits.substr(0, static_cast<std::size_t>(std::min(point, count))));
    out.zeros(point - count);
    if (point < count) {
        out.put('.');
        out.put(digits.substr(static_cast<std::size_t>(point)));
    }
}

}  // namespace

double number_of(std::string_view text) {
    text = trimmed(text);
    if (text.empty()) return 0;
    if (const auto value = infinity(text)) return *value;
    if (const auto value = prefixed(text)) return *value;
    return decimal_length(text) == text.size() ? decimal(text) : kNan;
}

double leading_number(const Value& value) {
    if (const auto* number = value.as<double>()) return *number;
    if (const auto* list = value.as<List>())
        return list->size == 0 ? kNan : leading_number(list->items[0]);
    const auto* text = value.as<std::string_view>();
    if (text == nullptr) return kNan;
    const auto begin = std::min(text->find_first_not_of(kBlank), text->size());
    const auto front = text->substr(begin);
    for (const std::string_view word : {"Infinity", "+Infinity", "-Infinity"}) {
        if (front.starts_with(word)) return *infinity(word);
    }
    const std::size_t length = decimal_length(front);
    return length == 0 ? kNan : decimal(front.substr(0, length));
}

NumberText text_of(double number) {
    NumberText out;
    Writer writer{out};
    if (std::isnan(number)) {
        writer.put("NaN");
    } else if (number == 0) {
        writer.put('0');
    } else {
        if (number < 0) writer.put('-');
        if (std::isinf(number)) {
            writer.put("Infinity");
        } else {
            write_digits(writer, shortest(std::abs(number)));
        }
    }
    return out;
}

}  // namespace stile::rules
