// SPDX-License-Identifier: Apache-2.0
// Answers to questions at check-in: is it one, and how is it kept?
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "daemon/core/question.hpp"

namespace stile {

enum class AnswerFault : std::uint8_t {
    Missing = 1,  // it is required, or yes is required
    NotText,      // not UTF-8, or longer than kMaxAnswerBytes
    NotANumber,
    NotAChoice,
    NotADate,
    NotATime,
    NotACountry,
    NotAPhone,
    NotAnEmail,
    NotAFile,
};

// One line for people.
[[nodiscard]] std::string_view fault_text(AnswerFault fault);

inline constexpr std::size_t kMaxAnswerBytes = 16'384;

// AllOptional: staff may leave out required answers as well.
enum class Demand : std::uint8_t { AsAsked, AllOptional };

// The answer as the platform keeps it, or what is wrong with it. No answer to an optional question
// is the empty text; to YesNo it is "False". Pure. By type:
// - Number: decimal, in full ("1e3" becomes 1000). Line, Text: as they stand.
// - YesNo: "True" for "True" and "true", "False" for all else; where required it must be True.
// - Choice: the option's id or identifier, becomes the id. MultipleChoice: several with commas.
// - File: an address that begins with file:/// or http (which no other type may begin with).
// - Date 2018-01-19, TimeOfDay 12:20 or 12:20:30, DateTime 2018-01-19T12:20, with or without
//   seconds and offset: real ones, as they stand. Country: see country.hpp, becomes
//   capitals.
// - Phone: digits, three or more, with + ( ) / . - and spaces. Email: see email.hpp.
[[nodiscard]] std::expected<std::string, AnswerFault> clean_answer(const Question& question,
                                                                   std::string_view input,
                                                                   Demand demand);

}  // namespace stile
