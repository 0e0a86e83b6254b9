// SPDX-License-Identifier: Apache-2.0
// From a case to the query of the core.
#include "daemon/admission/case.hpp"

#include "daemon/core/open_questions.hpp"

namespace stile {

std::span<const crypto::Identity> Case::identities() const {
    if (!has_claimant()) return {};
    if (ticket) return {&(*ticket)->identity, 1};
    return position->identities;
}

ListFacts Case::list_facts() const {
    ListFacts at{.event = door.book == nullptr ? nullptr : &door.book->event,
                 .list = door.list,
                 .product = product,
                 .variation = variation,
                 .zone = door.zone,
                 .rule = door.rule};
    if (door.book != nullptr) at.questions = door.book->questions;
    at.visits = visits;
    at.gate = gate;
    at.time = time;
    at.block = block;
    at.media = linked;
    at.unpaid = unpaid;
    at.asking = asking;
    at.answers = answers;
    return at;
}

Decision decide(const Case& scan, const Policy& policy, const ClockBounds& now) {
    if (!scan.has_claimant()) return {Verdict::Refuse, scan.refusal.value_or(Reason::Error)};
    return scan.ask(policy, now, [&](const Query& q) {
        return decide(q.claimant, q.facts, q.policy, q.now, q.direction);
    });
}

bool needs_attention(const Case& scan) {
    return (scan.position != nullptr && scan.position->order_attention) ||
           (scan.product != nullptr && scan.product->attention) ||
           (scan.variation != nullptr && scan.variation->attention);
}

std::vector<std::string_view> checkin_texts(const Case& scan) {
    std::vector<std::string_view> texts;
    const auto add = [&texts](std::string_view text) {
        if (!text.empty()) texts.push_back(text);
    };
    if (scan.position != nullptr) add(scan.position->order_text);
    if (scan.variation != nullptr) add(scan.variation->checkin_text);
    if (scan.product != nullptr) add(scan.product->checkin_text);
    return texts;
}

std::vector<const Question*> open_questions(const Case& scan) {
    return scan.ask({}, {}, [](const Query& q) {
        const Interview interview = interview_of(q);
        std::vector<const Question*> open;
        for (const Question& question : interview.questions) {
            if (is_open(question, interview)) open.push_back(&question);
        }
        return open;
    });
}

}  // namespace stile
