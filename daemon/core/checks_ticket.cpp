// SPDX-License-Identifier: Apache-2.0
// What is asked of every credential, of signed tickets, and by the gate's own policy.
#include <algorithm>

#include "daemon/core/checks.hpp"

namespace stile::checks {
namespace {

using crypto::Ticket;
using std::chrono::seconds;
using std::chrono::sys_seconds;

bool allows(auto allowed, auto value) {
    return allowed.empty() || std::ranges::find(allowed, value) != allowed.end();
}

// In seconds, because the end of a key without an end does not fit in milliseconds.
bool is_before(WallTime now, sys_seconds begin) {
    return std::chrono::floor<seconds>(now) < begin;
}
bool is_after(WallTime now, sys_seconds end) {
    return std::chrono::ceil<seconds>(now) > end;
}

bool in_time_of(const Ticket& ticket, const ClockBounds& now) {
    return !is_before(now.upper, ticket.not_before) && !is_after(now.lower, ticket.not_after);
}

bool in_time_of(const KnownPosition& position, const ClockBounds& now) {
    return (!position.valid_from || now.upper >= *position.valid_from) &&
           (!position.valid_until || now.lower <= *position.valid_until);
}

// Proofs of one step are one presentation: within it anybody can write another second.
sys_seconds step_of(sys_seconds proof, const Ticket& ticket) {
    return proof - proof.time_since_epoch() % ticket.proof_step;
}

}  // namespace

Refusal lists_readable(const Query& q) {
    if (q.facts.revocation.list == RevocationFacts::List::Unreadable)
        return Reason::ListsUnreadable;
    return std::nullopt;
}

Refusal not_revoked(const Query& q) {
    if (q.facts.revocation.list == RevocationFacts::List::Revoked) return Reason::Revoked;
    return std::nullopt;
}

Refusal in_time(const Query& q) {
    if (q.direction == Direction::Exit) return std::nullopt;
    const bool in_time =
        q.ticket() != nullptr ? in_time_of(*q.ticket(), q.now) : in_time_of(*q.position(), q.now);
    if (!in_time) return Reason::InvalidTime;
    return std::nullopt;
}

Refusal newest_copy(const Query& q) {
    const auto newest =
        std::max(q.facts.revocation.lowest_valid_reissue, q.facts.entry.highest_reissue);
    if (q.ticket()->reissue < newest) return Reason::Superseded;
    return std::nullopt;
}

Refusal venue_policy(const Query& q) {
    return q.facts.venue;
}

// A rotating code lives for a minute and counts once: a screenshot of it dies with it.
Refusal fresh_proof(const Query& q) {
    const Ticket& ticket = *q.ticket();
    if (!ticket.proof_time) return std::nullopt;
    if (q.now.upper - q.now.lower > 2 * q.policy.proof_clock) return Reason::Clock;
    if (*ticket.proof_time > q.now.upper + q.policy.proof_future) return Reason::Clock;
    if (*ticket.proof_time < q.now.lower - q.policy.proof_past) return Reason::Replayed;
    if (step_of(*ticket.proof_time, ticket) <= step_of(q.facts.entry.last_proof, ticket))
        return Reason::Replayed;
    return std::nullopt;
}

Refusal own_event(const Query& q) {
    if (!allows(q.policy.events, q.ticket()->event)) return Reason::Invalid;
    return std::nullopt;
}

Refusal own_product(const Query& q) {
    if (!allows(q.policy.products, q.ticket()->product)) return Reason::Product;
    return std::nullopt;
}

Refusal admissions_left(const Query& q) {
    if (q.direction == Direction::Exit || q.policy.reentry == Reentry::Always) return std::nullopt;
    const std::uint8_t admissions = q.ticket()->admissions;
    if (admissions == crypto::kUnlimitedAdmissions) return std::nullopt;
    const EntryFacts& entry = q.facts.entry;
    const std::uint32_t counted =
        q.policy.reentry == Reentry::AfterExit ? entry.entered - entry.left : entry.entered;
    if (counted >= admissions) return Reason::Used;
    return std::nullopt;
}

}  // namespace stile::checks
