// SPDX-License-Identifier: Apache-2.0
// The decision: who may pass, from facts alone.
#pragma once

#include <span>

#include "daemon/core/facts.hpp"
#include "daemon/core/query.hpp"
#include "daemon/core/reason.hpp"

namespace stile {

struct Decision {
    Verdict verdict = Verdict::Refuse;
    Reason reason = Reason::Error;
    friend bool operator==(const Decision&, const Decision&) = default;
};

// Total and pure: no clock, no database, no thread. The first check that refuses gives the reason;
// the order is pretix's (signed tickets: revoked, blocked, times, product, date, rules, questions,
// used; synced orders: their standing before that). An exit is not refused for times, rules,
// questions or repetition, so that nobody is kept inside.
[[nodiscard]] Decision decide(const Claimant& claimant, const Facts& facts, const Policy& policy,
                              const ClockBounds& now, Direction direction);

// The refusal for a credential that is no genuine ticket.
[[nodiscard]] Decision decide(crypto::Fault fault);

// What decide() asks, in order; the very same rows, for explanations. Empty: nothing can be asked
// (a position without a list), and the decision is Error.
[[nodiscard]] std::span<const CheckRow> checks_for(const Query& query);

}  // namespace stile
