// SPDX-License-Identifier: Apache-2.0
// The rules, one a function, in the order in which they are asked.
#include "daemon/core/decide.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace stile {
namespace {

using crypto::Ticket;
using Refusal = std::optional<Reason>;

constexpr std::uint8_t kUnlimited = 255;

struct Question {
    const Ticket& ticket;
    const Facts& facts;
    const Policy& policy;
    const ClockBounds& now;
    Direction direction;
};

bool allows(auto allowed, auto value) {
    return allowed.empty() || std::ranges::find(allowed, value) != allowed.end();
}

Refusal readable_lists(const Question& q) {
    if (q.facts.revocation.list == RevocationFacts::List::Unreadable)
        return Reason::ListsUnreadable;
    return std::nullopt;
}

Refusal our_event(const Question& q) {
    if (!allows(q.policy.events, q.ticket.event)) return Reason::Invalid;
    return std::nullopt;
}

Refusal not_revoked(const Question& q) {
    if (q.facts.revocation.list == RevocationFacts::List::Revoked) return Reason::Revoked;
    return std::nullopt;
}

Refusal newest_copy(const Question& q) {
    const auto newest =
        std::max(q.facts.revocation.lowest_valid_reissue, q.facts.entry.highest_reissue);
    if (q.ticket.reissue < newest) return Reason::Superseded;
    return std::nullopt;
}

Refusal in_time(const Question& q) {
    if (q.direction == Direction::Exit) return std::nullopt;
    if (q.now.upper < q.ticket.not_before || q.now.lower > q.ticket.not_after)
        return Reason::InvalidTime;
    return std::nullopt;
}

// Proofs of one step are one presentation: within it anybody can write another second.
std::chrono::sys_seconds step_of(std::chrono::sys_seconds proof, const Ticket& ticket) {
    return proof - proof.time_since_epoch() % ticket.proof_step;
}

// A rotating code lives for a minute and counts once: a screenshot of it dies with it.
Refusal fresh_proof(const Question& q) {
    if (!q.ticket.proof_time) return std::nullopt;
    if (q.now.upper - q.now.lower > 2 * q.policy.proof_clock) return Reason::Clock;
    if (*q.ticket.proof_time > q.now.upper + q.policy.proof_future) return Reason::Clock;
    if (*q.ticket.proof_time < q.now.lower - q.policy.proof_past) return Reason::Replayed;
    if (step_of(*q.ticket.proof_time, q.ticket) <= step_of(q.facts.entry.last_proof, q.ticket))
        return Reason::Replayed;
    return std::nullopt;
}

Refusal our_product(const Question& q) {
    if (!allows(q.policy.products, q.ticket.product)) return Reason::Product;
    return std::nullopt;
}

Refusal unused(const Question& q) {
    if (q.direction == Direction::Exit || q.policy.reentry == Reentry::Always) return std::nullopt;
    if (q.ticket.admissions == kUnlimited) return std::nullopt;
    const EntryFacts& entry = q.facts.entry;
    const std::uint32_t counted =
        q.policy.reentry == Reentry::AfterExit ? entry.entered - entry.left : entry.entered;
    if (counted >= q.ticket.admissions) return Reason::Used;
    return std::nullopt;
}

constexpr std::array kRules{readable_lists, our_event,   not_revoked, newest_copy,
                            in_time,        fresh_proof, our_product, unused};

const Ticket& ticket_of(const Claimant& claimant) {
    return std::get<crypto::VerifiedTicket>(claimant).ticket();
}

}  // namespace

Decision decide(const Claimant& claimant, const Facts& facts, const Policy& policy,
                const ClockBounds& now, Direction direction) {
    const Question question{ticket_of(claimant), facts, policy, now, direction};
    for (const auto rule : kRules) {
        if (const Refusal refusal = rule(question)) return {Verdict::Refuse, *refusal};
    }
    return {Verdict::Admit, Reason::Valid};
}

Decision decide(crypto::Fault fault) {
    using crypto::Fault;
    switch (fault) {
        case Fault::ProofMissing:
            return {Verdict::Refuse, Reason::Assurance};
        case Fault::UnknownFormat:
        case Fault::BadEncoding:
        case Fault::Truncated:
        case Fault::TrailingData:
        case Fault::Version:
        case Fault::ReservedFlag:
        case Fault::BadField:
        case Fault::CriticalExtension:
        case Fault::UnknownKey:
        case Fault::KeyNotUsable:
        case Fault::BadSignature:
        case Fault::BadHolderKey:
        case Fault::BadProof:
        case Fault::ProofUnsupported:
        case Fault::KeyRevoked:
            return {Verdict::Refuse, Reason::Invalid};
    }
    return {Verdict::Refuse, Reason::Error};
}

}  // namespace stile
