// SPDX-License-Identifier: Apache-2.0
// One check a type of question.
#include "daemon/core/answers.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "crypto/base/bytes.hpp"
#include "crypto/base/time_text.hpp"
#include "daemon/core/country.hpp"
#include "daemon/core/email.hpp"

namespace stile {
namespace {

using Cleaned = std::expected<std::string, AnswerFault>;

Cleaned kept(bool good, std::string_view text, AnswerFault fault) {
    if (!good) return std::unexpected{fault};
    return std::string{text};
}

bool is_blank(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0 && c <= ' '; });
}

bool is_yes(std::string_view text) {
    return text == "True" || text == "true";
}

// A decimal number in pieces: digits without a point, and how many of them stand behind it.
struct Decimal {
    bool negative = false;
    std::string digits;
    int scale = 0;
};

constexpr int kMaxPlaces = 1000;

std::string_view take_digits(std::string_view& text) {
    const auto size = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto digits = text.substr(0, size);
    text.remove_prefix(size);
    return digits;
}

// e5, E-5; nothing is 0.
std::optional<int> exponent_of(std::string_view text) {
    if (text.empty()) return 0;
    if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
    text.remove_prefix(1);
    const bool plus = text.starts_with('+');
    if (plus) text.remove_prefix(1);
    if (plus && text.starts_with('-')) return std::nullopt;
    int value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && stop == text.data() + text.size();
    return whole && std::abs(value) <= kMaxPlaces ? std::optional{value} : std::nullopt;
}

std::optional<Decimal> parse_decimal(std::string_view text) {
    Decimal number;
    number.negative = text.starts_with('-');
    if (number.negative || text.starts_with('+')) text.remove_prefix(1);
    number.digits = take_digits(text);
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        const auto fraction = take_digits(text);
        number.digits += fraction;
        number.scale = static_cast<int>(std::min<std::size_t>(fraction.size(), kMaxPlaces + 1));
    }
    const auto exponent = exponent_of(text);
    if (number.digits.empty() || number.digits.size() > kMaxPlaces || !exponent)
        return std::nullopt;
    number.digits.erase(0, std::min(number.digits.find_first_not_of('0'), number.digits.size()));
    number.scale -= *exponent;
    return number;
}

std::string in_full(Decimal number) {
    std::string& digits = number.digits;
    const bool is_zero = digits.empty();
    if (number.scale < 0 && !is_zero) digits.append(static_cast<std::size_t>(-number.scale), '0');
    const auto places = static_cast<std::size_t>(std::max(number.scale, 0));
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    if (places > 0) digits.insert(digits.size() - places, 1, '.');
    return (number.negative && !is_zero ? "-" : "") + digits;
}

Cleaned number(std::string_view text) {
    auto value = parse_decimal(text);
    if (!value) return std::unexpected{AnswerFault::NotANumber};
    return in_full(std::move(*value));
}

std::optional<std::string> option_id(const Question& question, std::string_view text) {
    for (const QuestionOption& option : question.options) {
        const std::string id = std::to_string(option.id);
        if (text == id || (!text.empty() && text == option.identifier)) return id;
    }
    return std::nullopt;
}

Cleaned choice(const Question& question, std::string_view text) {
    auto id = option_id(question, text);
    if (!id) return std::unexpected{AnswerFault::NotAChoice};
    return *std::move(id);
}

// Commas at the end mean nothing, and neither does an option that is named again.
Cleaned choices(const Question& question, std::string_view text) {
    text = text.substr(0, text.find_last_not_of(',') + 1);
    std::string ids;
    std::vector<std::string> seen;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t comma = std::min(text.find(',', at), text.size());
        const auto id = option_id(question, text.substr(at, comma - at));
        if (!id) return std::unexpected{AnswerFault::NotAChoice};
        at = comma + 1;
        if (std::ranges::find(seen, *id) != seen.end()) continue;
        ids += (ids.empty() ? "" : ",") + *id;
        seen.push_back(*id);
    }
    return ids;
}

Cleaned country(std::string_view text) {
    std::string code{text};
    for (char& c : code)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return kept(is_country(code), code, AnswerFault::NotACountry);
}

bool is_phone(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789";
    constexpr std::string_view kSigns = "+()/.- ";
    const auto digits = std::ranges::count_if(text, [&](char c) { return kDigits.contains(c); });
    const auto signs = std::ranges::count_if(text, [&](char c) { return kSigns.contains(c); });
    return digits >= 3 && static_cast<std::size_t>(digits + signs) == text.size();
}

bool is_date_time(std::string_view text) {
    return text.contains('T') && (parse_local_time(text) || parse_rfc3339(text));
}

Cleaned by_type(const Question& question, std::string_view text) {
    switch (question.type) {
        case QuestionType::Number:
            return number(text);
        case QuestionType::Line:
        case QuestionType::Text:
            return std::string{text};
        case QuestionType::YesNo:
            return std::string{is_yes(text) ? "True" : "False"};
        case QuestionType::Choice:
            return choice(question, text);
        case QuestionType::MultipleChoice:
            return choices(question, text);
        case QuestionType::File:
            return kept(text.starts_with("file:///") || text.starts_with("http"), text,
                        AnswerFault::NotAFile);
        case QuestionType::Date:
            return kept(parse_date(text).has_value(), text, AnswerFault::NotADate);
        case QuestionType::TimeOfDay:
            return kept(parse_time_of_day(text).has_value(), text, AnswerFault::NotATime);
        case QuestionType::DateTime:
            return kept(is_date_time(text), text, AnswerFault::NotATime);
        case QuestionType::Country:
            return country(text);
        case QuestionType::Phone:
            return kept(is_phone(text), text, AnswerFault::NotAPhone);
        case QuestionType::Email:
            return kept(is_email(text), text, AnswerFault::NotAnEmail);
    }
    return std::unexpected{AnswerFault::NotText};
}

}  // namespace

std::string_view fault_text(AnswerFault fault) {
    switch (fault) {
        case AnswerFault::Missing:
            return "an answer is required";
        case AnswerFault::NotText:
            return "not a text, or too long";
        case AnswerFault::NotANumber:
            return "not a number";
        case AnswerFault::NotAChoice:
            return "not one of the choices";
        case AnswerFault::NotADate:
            return "not a date like 2026-01-31";
        case AnswerFault::NotATime:
            return "not a time like 18:00, or 2026-01-31T18:00";
        case AnswerFault::NotACountry:
            return "not a country of two letters, like NZ";
        case AnswerFault::NotAPhone:
            return "not a telephone number";
        case AnswerFault::NotAnEmail:
            return "not an e-mail address";
        case AnswerFault::NotAFile:
            return "not a file";
    }
    return "wrong";
}

Cleaned clean_answer(const Question& question, std::string_view input, Demand demand) {
    const bool is_yes_no = question.type == QuestionType::YesNo;
    const bool given = is_yes_no ? is_yes(input) : !is_blank(input);
    if (question.required && demand == Demand::AsAsked && !given)
        return std::unexpected{AnswerFault::Missing};
    if (!given) return std::string{is_yes_no ? "False" : ""};
    if (input.size() > kMaxAnswerBytes || !is_utf8(as_bytes(input)))
        return std::unexpected{AnswerFault::NotText};
    if (input.starts_with("file:///") && question.type != QuestionType::File)
        return std::unexpected{AnswerFault::NotAFile};
    return by_type(question, input);
}

}  // namespace stile
