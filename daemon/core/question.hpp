// SPDX-License-Identifier: Apache-2.0
// What a guest may be asked at check-in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stile {

// pretix's one or two letters beside each.
enum class QuestionType : std::uint8_t {
    Number = 1,      // N
    Line,            // S
    Text,            // T
    YesNo,           // B
    Choice,          // C
    MultipleChoice,  // M
    File,            // F
    Date,            // D
    TimeOfDay,       // H
    DateTime,        // W
    Country,         // CC
    Phone,           // TEL
    Email,           // EMAIL
};

struct QuestionOption {
    std::uint64_t id = 0;
    std::string identifier;
    std::string text;
};

struct Question {
    std::uint64_t id = 0;
    std::uint32_t event = 0;
    std::string text;
    std::string identifier;
    QuestionType type = QuestionType::Line;
    bool required = false;
    bool ask_at_checkin = false;
    bool show_at_checkin = false;
    std::int64_t position = 0;            // their order
    std::vector<std::uint64_t> products;  // that it is asked of
    std::vector<QuestionOption> options;
    std::uint64_t depends_on = 0;  // another question; 0: none
    std::vector<std::string> depends_values;
};

}  // namespace stile
