// SPDX-License-Identifier: Apache-2.0
// The rules, one a function, in the order in which they are asked.
#include "daemon/core/policy/check.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/core/policy/passage.hpp"

namespace stile {
namespace {

using Answer = std::optional<PolicyRefusal>;

constexpr std::string_view kOtherEntrance =
    "This ticket is for another entrance. Please see your ticket.";

// One question to the policy, and what is found out on the way.
struct Asked {
    const AccessPolicy& policy;
    const PolicyFacts& facts;
    const Terms& terms;
    const Route& route;
    Duties& duties;
};

PolicyRefusal refusal(Reason reason, std::string_view words) {
    return {reason, Words{words}};
}

void raise(Duties& duties, PolicyFlag flag) {
    duties.flags = static_cast<std::uint16_t>(duties.flags | std::to_underlying(flag));
}

Answer doubtful(const Asked& q, Doubt doubt, PolicyFlag flag, const PolicyRefusal& otherwise) {
    switch (doubt) {
        case Doubt::Admit:
            return std::nullopt;
        case Doubt::Flag:
            raise(q.duties, flag);
            return std::nullopt;
        case Doubt::Refuse:
            return otherwise;
    }
    return otherwise;
}

Answer on_a_list_of_its_product(const Asked& q) {
    const auto& lists = q.terms.lists;
    if (lists.empty() || std::ranges::find(lists, q.facts.list.list) != lists.end())
        return std::nullopt;
    return refusal(Reason::Product, kOtherEntrance);
}

Words slot_words(const Asked& q) {
    std::optional<WallTime> next;
    for (const Slot& slot : q.terms.slots) {
        const auto begin = next_begin(slot, q.facts.now, q.policy.zone);
        if (begin && (!next || *begin < *next)) next = begin;
    }
    if (!next) return Words{"Your time slot is over. Please go to the ticket desk."};
    Words words{"Your time slot begins "};
    add_time(words, *next, q.facts.now, q.policy.zone);
    return words << ".";
}

Answer in_its_slot(const Asked& q) {
    const auto holds = [&](const Slot& slot) {
        return may_hold(slot, q.facts.bounds, q.policy.zone);
    };
    if (q.terms.slots.empty() || std::ranges::any_of(q.terms.slots, holds)) return std::nullopt;
    return PolicyRefusal{Reason::InvalidTime, slot_words(q)};
}

Answer sure_enough(const Asked& q) {
    if (q.facts.assurance >= q.terms.assurance) return std::nullopt;
    const bool needs_reader = q.terms.assurance >= crypto::Assurance::HolderNonceProof;
    return refusal(Reason::Assurance,
                   needs_reader ? "Hold your phone or card to the reader."
                                : "A copy is not enough here. Open the ticket in the app.");
}

Doubt clock_doubt(const Asked& q) {
    const ClockRules& rules = q.policy.clock;
    const bool timed = q.facts.times == TimesMatter::Yes || !q.terms.slots.empty();
    switch (q.facts.clock) {
        case ClockTrust::Known:
            return Doubt::Admit;
        case ClockTrust::Unsynced:
            return timed ? std::max(rules.timed_unsynced, rules.other_unsynced)
                         : rules.other_unsynced;
        case ClockTrust::Wrong:
            return timed ? std::max(rules.timed_wrong, rules.other_wrong) : rules.other_wrong;
    }
    return Doubt::Refuse;
}

Answer knows_the_time(const Asked& q) {
    return doubtful(
        q, clock_doubt(q), PolicyFlag::Clock,
        refusal(Reason::Clock, "This gate is not sure of the time. Please ask the staff."));
}

Answer fresh_lists(const Asked& q) {
    const Freshness& wanted = q.terms.freshness ? *q.terms.freshness : q.policy.freshness;
    if (q.facts.list_age && *q.facts.list_age <= wanted.max_age) return std::nullopt;
    return doubtful(
        q, wanted.when_stale, PolicyFlag::StaleLists,
        refusal(Reason::StaleLists, "This gate's lists are too old. Please ask the staff."));
}

Answer not_inside_yet(const Asked& q) {
    const Presence presence = enter(q.policy, q.facts, q.terms, q.route, q.duties.people);
    if (presence.mark == Presence::Mark::Passback) raise(q.duties, PolicyFlag::Passback);
    return presence.refusal;
}

Answer has_room(const Asked& q) {
    return overfull(q.policy, q.facts, q.terms, q.duties);
}

struct Rule {
    std::string_view name;
    Answer (*answer)(const Asked&);
};

constexpr std::array<Rule, kPolicyRules> kRules{{{"product-list", on_a_list_of_its_product},
                                                 {"time-slot", in_its_slot},
                                                 {"assurance", sure_enough},
                                                 {"clock", knows_the_time},
                                                 {"freshness", fresh_lists},
                                                 {"passback", not_inside_yet},
                                                 {"capacity", has_room}}};

// To refuse somebody who wants to leave would be a trap.
Ruling exit_ruling(const AccessPolicy& policy, const PolicyFacts& facts, const Terms& terms) {
    const Route route = route_of(policy, facts, terms);
    Ruling ruling{.duties = duties_of(policy, facts, terms, route)};
    if (leave(policy, facts, terms, route).mark == Presence::Mark::Passback)
        raise(ruling.duties, PolicyFlag::Passback);
    return ruling;
}

Ruling entry_ruling(const AccessPolicy& policy, const PolicyFacts& facts, const Terms& terms) {
    const Route route = route_of(policy, facts, terms);
    Ruling ruling{.duties = duties_of(policy, facts, terms, route)};
    const Asked asked{policy, facts, terms, route, ruling.duties};
    for (const Rule& rule : kRules) {
        ruling.refusal = rule.answer(asked);
        if (ruling.refusal) break;
    }
    return ruling;
}

}  // namespace

Ruling check(const AccessPolicy& policy, const PolicyFacts& facts) {
    const Terms* const terms = policy.terms(facts.event, facts.product);
    const Terms unknown;
    if (facts.direction == Direction::Exit)
        return exit_ruling(policy, facts, terms == nullptr ? unknown : *terms);
    if (terms == nullptr) return {.refusal = refusal(Reason::Product, kOtherEntrance)};
    return entry_ruling(policy, facts, *terms);
}

std::array<PolicyStep, kPolicyRules> steps_of(const AccessPolicy& policy,
                                              const PolicyFacts& facts) {
    std::array<PolicyStep, kPolicyRules> steps;
    const Terms* const terms = policy.terms(facts.event, facts.product);
    if (facts.direction == Direction::Exit || terms == nullptr) return steps;
    const Route route = route_of(policy, facts, *terms);
    for (std::size_t i = 0; i < kRules.size(); ++i) {
        Duties duties = duties_of(policy, facts, *terms, route);
        steps[i].rule = kRules[i].name;
        steps[i].refusal = kRules[i].answer({policy, facts, *terms, route, duties});
        steps[i].flags = duties.flags;
    }
    return steps;
}

}  // namespace stile
