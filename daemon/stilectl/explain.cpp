// SPDX-License-Identifier: Apache-2.0
// Steps and facts in words.
#include "daemon/stilectl/explain.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "crypto/base/time_text.hpp"
#include "daemon/core/checks.hpp"
#include "daemon/core/open_questions.hpp"
#include "daemon/core/rules/explain.hpp"

namespace stile {
namespace {

using Limits = std::pair<std::optional<WallTime>, std::optional<WallTime>>;

Limits limits_of(const KnownPosition& position) {
    return {position.valid_from, position.valid_until};
}

// A ticket without limits has those of its key, which are as far away as times go.
Limits limits_of(const crypto::Ticket& ticket) {
    const auto first = std::chrono::ceil<std::chrono::seconds>(kFirstMoment);
    const auto last = std::chrono::floor<std::chrono::seconds>(kLastMoment);
    Limits limits;
    if (ticket.not_before > first) limits.first = std::min(ticket.not_before, last);
    if (ticket.not_after < last) limits.second = std::max(ticket.not_after, first);
    return limits;
}

std::string limits_text(const Limits& limits) {
    if (!limits.first && !limits.second) return "valid at any time";
    std::string out = "valid";
    if (limits.first) out += " from " + to_rfc3339(*limits.first);
    if (limits.second) out += " until " + to_rfc3339(*limits.second);
    return out;
}

std::string name_of(RevocationFacts::List list) {
    switch (list) {
        case RevocationFacts::List::Clear:
            return "not on the revocation lists";
        case RevocationFacts::List::Revoked:
            return "on a revocation list";
        case RevocationFacts::List::Unreadable:
            return "the revocation list cannot be read";
    }
    return "unknown";
}

std::string times_text(const Query& q) {
    const Limits limits =
        q.position() != nullptr ? limits_of(*q.position()) : limits_of(*q.ticket());
    return fmt::format("now {}, {}", to_rfc3339(q.now.lower), limits_text(limits));
}

std::string order_text(const KnownPosition& position) {
    return fmt::format("order {} is {}{}", position.order_code, name_of(position.status),
                       position.understood ? "" : " (its row made no sense)");
}

std::string products_text(const Query& q) {
    const AccessList& list = *q.facts.at->list;
    if (list.all_products) return fmt::format("product {}, the list takes all", q.product());
    return fmt::format("product {}, the list takes {}", q.product(),
                       fmt::join(list.products, ", "));
}

std::string rule_text(const Query& q) {
    const rules::Program* rule = q.facts.at->rule;
    if (rule == nullptr) return "the list's rule could not be compiled";
    if (rule->is_empty()) return "the list has no rule";
    const std::string why = rules::explain(*rule, checks::rule_facts(q));
    return why.empty() ? "the list's rule says yes" : why;
}

std::string questions_text(const Query& q) {
    if (q.facts.at->asking == ListFacts::Asking::Skip) return "nobody can answer here";
    const Interview interview = interview_of(q);
    std::string open;
    for (const Question& question : interview.questions) {
        if (!is_open(question, interview)) continue;
        open += fmt::format("{}{} ({})", open.empty() ? "" : ", ", question.id, question.text);
    }
    return open.empty() ? "no question is open" : "open: " + open;
}

std::string visits_text(const Query& q) {
    const ListFacts& at = *q.facts.at;
    std::string out = at.list->multiple_entries   ? "any number of entries"
                      : at.list->entry_after_exit ? "one entry, again after an exit"
                                                  : "one entry";
    if (at.visits.empty()) return out + "; no earlier visit";
    for (const Visit& visit : at.visits) {
        out += fmt::format("; {} {}", visit.direction == Direction::Exit ? "exit" : "entry",
                           to_rfc3339(visit.time));
    }
    return out;
}

std::string media_text(const Query& q) {
    const ListFacts& at = *q.facts.at;
    if (at.product == nullptr || at.product->media == MediaPolicy::None)
        return "the product needs no medium";
    if (std::get<PositionClaim>(q.claimant).medium != nullptr) return "a medium was shown";
    return at.media == ListFacts::Media::Linked ? "a medium stands for it, and was not shown"
                                                : "no medium stands for it yet";
}

std::string payment_text(const Query& q) {
    const KnownPosition& position = *q.position();
    const ListFacts& at = *q.facts.at;
    return fmt::format(
        "{}{}; the list {} who has not paid, the scan {}", name_of(position.status),
        position.valid_if_pending ? ", valid all the same" : "",
        at.list->include_pending ? "takes" : "refuses",
        at.unpaid == ListFacts::Unpaid::Ignore ? "confirms it" : "does not ask for it");
}

std::string list_text(const Query& q) {
    const ListFacts& at = *q.facts.at;
    if (at.event == nullptr) return "the event is not known";
    if (at.list == nullptr) return fmt::format("event {} has no such list", at.event->slug);
    return fmt::format("event {}, list {} ({})", at.event->slug, at.list->key.list, at.list->name);
}

std::string block_text(const Query& q) {
    if (q.position() != nullptr && q.position()->blocked) return "the position is blocked";
    return q.facts.at->block == ListFacts::Block::Blocked ? "on the block list" : "not blocked";
}

std::string subevent_text(const Query& q) {
    const auto& wanted = q.facts.at->list->subevent;
    const std::string own = q.subevent() == 0 ? "no date" : fmt::format("date {}", q.subevent());
    return wanted ? fmt::format("{}, the list is of date {}", own, *wanted)
                  : own + ", the list takes every date";
}

// What the check looked at. Asked only for checks that were asked, in their order.
std::string facts_of(Check check, const Query& q) {
    switch (check) {
        case Check::ListsReadable:
            return q.facts.revocation.list == RevocationFacts::List::Unreadable
                       ? name_of(RevocationFacts::List::Unreadable)
                       : "the revocation lists can be read";
        case Check::Revocation:
            return name_of(q.facts.revocation.list);
        case Check::OwnEvent:
            return fmt::format("event {}", q.event());
        case Check::ListKnown:
            return list_text(q);
        case Check::OrderStanding:
            return order_text(*q.position());
        case Check::Block:
            return block_text(q);
        case Check::NewestCopy:
            return fmt::format("re-issue {}, newest seen {}", q.ticket()->reissue,
                               q.facts.entry.highest_reissue);
        case Check::Approval:
            return q.position()->require_approval ? "the order needs approval"
                                                  : "the order needs no approval";
        case Check::Times:
            return times_text(q);
        case Check::Proof:
            return q.ticket()->proof_time ? "proof of " + to_rfc3339(*q.ticket()->proof_time)
                                          : "no holder proof";
        case Check::OwnProduct:
            return fmt::format("product {}", q.product());
        case Check::ListProduct:
            return products_text(q);
        case Check::Subevent:
            return subevent_text(q);
        case Check::ProductKnown:
            return q.facts.at->product == nullptr ? "not known" : q.facts.at->product->name;
        case Check::Payment:
            return payment_text(q);
        case Check::Exchange:
            return media_text(q);
        case Check::CustomRule:
            return rule_text(q);
        case Check::Questions:
            return questions_text(q);
        case Check::VenuePolicy:
            return "areas and doubts are known to the live gate only";
        case Check::Admissions:
            return fmt::format("entered {}, left {}", q.facts.entry.entered, q.facts.entry.left);
        case Check::EntryPermission:
            return visits_text(q);
    }
    return "";
}

std::string positions_text(std::size_t count) {
    return count == 1 ? "one position" : fmt::format("{} positions", count);
}

std::string found_text(const Case& scan) {
    if (scan.ticket) return "a signed ticket; its order is not known";
    if (scan.by_medium) return "a medium that stands for " + positions_text(scan.found.size());
    if (scan.position != nullptr) return "the secret of " + positions_text(scan.found.size());
    if (scan.fault)
        return fmt::format("no known secret or medium, and no ticket: {}",
                           crypto::fault_text(*scan.fault));
    return "a ticket, but of none of these events";
}

std::string chosen_text(const Case& scan) {
    if (scan.position == nullptr) return "the ticket itself";
    const std::string chosen = fmt::format("position {} of order {}, product {}", scan.position->id,
                                           scan.position->order_code, scan.position->product);
    const bool timely = scan.refusal != Reason::InvalidTime;
    return timely ? chosen : chosen + ", " + limits_text(limits_of(*scan.position));
}

void add_beginning(const Case& scan, Explanation& out) {
    const bool known = scan.ticket || scan.position != nullptr;
    const Reason reason = scan.refusal.value_or(Reason::Valid);
    const auto result = [](bool passed) {
        return passed ? StepResult::Passed : StepResult::Refused;
    };
    out.steps.push_back(
        {"look-up", result(known), known ? Reason::Valid : reason, found_text(scan)});
    if (known) out.steps.push_back({"choice", result(!scan.refusal), reason, chosen_text(scan)});
}

void add_checks(const Query& q, Explanation& out) {
    bool refused = false;
    for (const CheckRow& row : checks_for(q)) {
        ExplainedStep step{.name = std::string{name_of(row.check)}};
        if (!refused) {
            const Refusal refusal = row.refusal(q);
            refused = refusal.has_value();
            step.result = refused ? StepResult::Refused : StepResult::Passed;
            step.reason = refusal.value_or(Reason::Valid);
            step.facts = facts_of(row.check, q);
        }
        out.steps.push_back(std::move(step));
    }
}

std::string_view name_of(StepResult result) {
    switch (result) {
        case StepResult::Passed:
            return "passed";
        case StepResult::Refused:
            return "refused";
        case StepResult::NotAsked:
            return "not asked";
    }
    return "";
}

}  // namespace

Explanation explain(const Case& scan, const Policy& policy, const ClockBounds& now) {
    Explanation out{.decision = decide(scan, policy, now)};
    add_beginning(scan, out);
    if (scan.has_claimant()) scan.ask(policy, now, [&out](const Query& q) { add_checks(q, out); });
    return out;
}

std::string text_of(const Explanation& explanation) {
    std::string out;
    for (const ExplainedStep& step : explanation.steps) {
        const std::string_view code =
            step.result == StepResult::Refused ? text_of(step.reason).code : "";
        out += fmt::format("{:<17} {:<10}{}{}{}\n", step.name, name_of(step.result), code,
                           code.empty() || step.facts.empty() ? "" : ": ", step.facts);
    }
    const ReasonText& reason = text_of(explanation.decision.reason);
    return out + fmt::format("{}: {}. {}\n", reason.code, reason.headline, reason.advice);
}

std::string json_of(const Explanation& explanation) {
    using Json = nlohmann::ordered_json;
    Json steps = Json::array();
    for (const ExplainedStep& step : explanation.steps) {
        Json row{{"step", step.name}, {"result", name_of(step.result)}};
        if (step.result == StepResult::Refused) row["reason"] = text_of(step.reason).code;
        if (!step.facts.empty()) row["facts"] = step.facts;
        steps.push_back(std::move(row));
    }
    const bool admitted = explanation.decision.verdict == Verdict::Admit;
    return Json{{"verdict", admitted ? "admit" : "refuse"},
                {"reason", text_of(explanation.decision.reason).code},
                {"steps", std::move(steps)}}
        .dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace stile
