// SPDX-License-Identifier: Apache-2.0
// What is asked of entries alone: the list's custom rule and the check-in questions.
#include <algorithm>

#include "daemon/core/checks.hpp"
#include "daemon/core/open_questions.hpp"
#include "daemon/core/rules/evaluate.hpp"

namespace stile::checks {
namespace {

// Of the date that the claimant is for. A date that is not known has no times: rules that need
// them refuse.
EventTimes times_for(const Query& q) {
    const Event& event = *q.facts.at->event;
    if (q.subevent() == 0) return event.times;
    const auto date = std::ranges::find(event.subevents, q.subevent(), &Subevent::id);
    return date == event.subevents.end() ? EventTimes{} : date->times;
}

}  // namespace

Refusal custom_rule(const Query& q) {
    const ListFacts& at = *q.facts.at;
    if (q.direction == Direction::Exit) return std::nullopt;
    if (at.rule == nullptr) return Reason::Rules;
    if (at.rule->is_empty()) return std::nullopt;
    if (!rules::evaluate(*at.rule, rule_facts(q)).value_or(false)) return Reason::Rules;
    return std::nullopt;
}

Refusal answered(const Query& q) {
    if (q.direction == Direction::Exit || q.facts.at->asking == ListFacts::Asking::Skip)
        return std::nullopt;
    const Interview interview = interview_of(q);
    const bool open = std::ranges::any_of(
        interview.questions, [&](const Question& asked) { return is_open(asked, interview); });
    if (open) return Reason::AnswersRequired;
    return std::nullopt;
}

rules::Facts rule_facts(const Query& q) {
    const ListFacts& at = *q.facts.at;
    return {.now = at.time,
            .zone = at.zone,
            .times = times_for(q),
            .product = q.product(),
            .variation = q.variation(),
            .gate = at.gate,
            .visits = at.visits};
}

}  // namespace stile::checks
