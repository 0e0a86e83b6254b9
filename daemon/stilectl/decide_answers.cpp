// SPDX-License-Identifier: Apache-2.0
// Names, texts, questions and reasons of one scan.
#include "daemon/stilectl/decide_answers.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "crypto/base/time_text.hpp"
#include "daemon/core/checks.hpp"
#include "daemon/core/open_questions.hpp"
#include "daemon/core/rules/explain.hpp"

namespace stile {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(std::string_view text) {
    return text.empty() ? Json() : Json(text);
}

void add_claimant(const Case& scan, Json& out) {
    const bool known = scan.ticket || scan.position != nullptr;
    const bool named = known && scan.door.book != nullptr;
    out["eventSlug"] = text_or_null(named ? scan.door.book->event.slug : "");
    out["list"] = known ? Json(scan.list.list) : Json();
    out["ticket"] = text_or_null(scan.product == nullptr ? "" : scan.product->name);
    out["variation"] = text_or_null(scan.variation == nullptr ? "" : scan.variation->name);
    out["attendee_name"] = Json{};
    out["orderCode"] = Json{};
    out["position"] = Json{};
    if (scan.position == nullptr) return;
    out["attendee_name"] = text_or_null(scan.position->attendee_name);
    out["orderCode"] = text_or_null(scan.position->order_code);
    out["position"] = scan.position->id;
    if (scan.position->valid_from) out["valid_from"] = to_rfc3339(*scan.position->valid_from);
    if (scan.position->valid_until) out["valid_until"] = to_rfc3339(*scan.position->valid_until);
}

// Staff may let pass who has not paid, once they have asked.
bool may_be_confirmed(const Case& scan, Reason reason) {
    return reason == Reason::Unpaid && scan.door.list != nullptr && scan.door.list->include_pending;
}

Json question_json(const Question& question, const Interview& interview) {
    const GivenAnswer* answer = answer_to(question.id, interview);
    Json options = Json::array();
    for (const QuestionOption& option : question.options)
        options.push_back(
            {{"id", option.id}, {"identifier", option.identifier}, {"text", option.text}});
    return {{"question", question.id},
            {"identifier", question.identifier},
            {"text", question.text},
            {"required", question.required},
            {"options", std::move(options)},
            {"answer", answer == nullptr ? Json() : Json(answer->text)}};
}

void add_questions(const Query& q, Json& out) {
    const Interview interview = interview_of(q);
    Json required = Json::array();
    Json shown = Json::array();
    for (const Question& question : interview.questions) {
        if (is_open(question, interview)) required.push_back(question_json(question, interview));
        const GivenAnswer* answer = answer_to(question.id, interview);
        if (question.show_at_checkin && answer != nullptr && concerns(question, interview))
            shown.push_back(
                {{"question", question.id}, {"text", question.text}, {"answer", answer->text}});
    }
    if (out["type"] == text_of(Reason::AnswersRequired).code) {
        out["required_answers_count"] = required.size();
        out["required_answer_question"] = required[0]["question"];
        out["required_answers"] = std::move(required);
    }
    out["shown_answers"] = std::move(shown);
}

// When somebody first went in on this list, with whom nobody can go in again.
void add_first_entry(const Case& scan, Json& out) {
    const auto first = std::ranges::find(scan.visits, Direction::Entry, &Visit::direction);
    if (first != scan.visits.end()) out["firstScanned"] = to_rfc3339(first->time);
}

}  // namespace

std::string scan_answer(const Case& scan, const Decision& decision, std::string_view nonce) {
    const ReasonText& text = text_of(decision.reason);
    Json out{{"type", text.code},
             {"scanType", scan.direction == Direction::Exit ? "exit" : "entry"}};
    add_claimant(scan, out);
    out["isRequireAttention"] = needs_attention(scan);
    out["isCheckinAllowed"] = may_be_confirmed(scan, decision.reason);
    out["checkin_texts"] = checkin_texts(scan);
    if (scan.fault) out["detail"] = crypto::fault_text(*scan.fault);
    if (decision.reason == Reason::Used) add_first_entry(scan, out);
    if (scan.has_claimant()) {
        scan.ask({}, {}, [&out](const Query& q) {
            if (q.facts.at->event == nullptr) return;
            add_questions(q, out);
            if (out["type"] == text_of(Reason::Rules).code && q.facts.at->rule != nullptr)
                out["reasonExplanation"] = rules::explain(*q.facts.at->rule, checks::rule_facts(q));
        });
    }
    out["message"] = text.headline;
    out["advice"] = text.advice;
    out["nonce"] = nonce;
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace stile
