// SPDX-License-Identifier: Apache-2.0
// Questions, their answers, and the questions that follow from those.
#include "daemon/core/open_questions.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "daemon/core/answers.hpp"

namespace stile {
namespace {

// A question that depends on one that depends on ... and at last on itself concerns nobody.
constexpr int kMostDependencies = 16;

const Question* find(std::uint64_t id, const Interview& interview) {
    const auto found = std::ranges::find(interview.questions, id, &Question::id);
    return found == interview.questions.end() ? nullptr : &*found;
}

bool is_answered(const Question& question, const Interview& interview) {
    const GivenAnswer* answer = answer_to(question.id, interview);
    if (answer == nullptr) return false;
    // A platform gives the words of the options that were chosen, and beside them their names.
    const std::string& text = answer->options.empty() ? answer->text : answer->options;
    return clean_answer(question, text, Demand::AsAsked).has_value();
}

// Whether the comma-separated `list` has this item.
bool lists(std::string_view list, std::string_view item) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        std::string_view one = list.substr(0, end);
        while (one.starts_with(' '))
            one.remove_prefix(1);
        if (one == item) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

// The answer is this value: text, or the identifier of an option that was chosen.
bool is_value(const GivenAnswer& answer, const Question& question, std::string_view value) {
    if (answer.text == value || lists(answer.options, value)) return true;
    const auto option = std::ranges::find(question.options, value, &QuestionOption::identifier);
    if (option == question.options.end()) return false;
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), option->id).ptr;
    return lists(answer.text, {digits.begin(), end}) || lists(answer.text, option->identifier);
}

bool leads_to(const Question& parent, const Question& question, const Interview& interview) {
    if (!is_answered(parent, interview)) return false;
    const GivenAnswer& answer = *answer_to(parent.id, interview);
    return std::ranges::any_of(question.depends_values, [&](const std::string& value) {
        return is_value(answer, parent, value);
    });
}

}  // namespace

Interview interview_of(const Query& q) {
    std::span<const GivenAnswer> earlier;
    if (q.position() != nullptr) earlier = q.position()->answers;
    return {q.facts.at->questions, q.facts.at->answers, earlier, q.product()};
}

const GivenAnswer* answer_to(std::uint64_t question, std::span<const GivenAnswer> answers) {
    const auto found = std::ranges::find(answers, question, &GivenAnswer::question);
    return found == answers.end() ? nullptr : &*found;
}

const GivenAnswer* answer_to(std::uint64_t question, const Interview& interview) {
    const GivenAnswer* given = answer_to(question, interview.given);
    return given != nullptr ? given : answer_to(question, interview.earlier);
}

bool concerns(const Question& question, const Interview& interview) {
    const Question* asked = &question;
    for (int depth = 0; depth < kMostDependencies; ++depth) {
        const auto& products = asked->products;
        if (std::ranges::find(products, interview.product) == products.end()) return false;
        if (asked->depends_on == 0) return true;
        const Question* parent = find(asked->depends_on, interview);
        if (parent == nullptr || !leads_to(*parent, *asked, interview)) return false;
        asked = parent;
    }
    return false;
}

bool is_open(const Question& question, const Interview& interview) {
    return question.ask_at_checkin && concerns(question, interview) &&
           !is_answered(question, interview);
}

}  // namespace stile
