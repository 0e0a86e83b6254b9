// SPDX-License-Identifier: Apache-2.0
// The decision: who may pass, from facts alone.
#pragma once

#include "daemon/core/facts.hpp"
#include "daemon/core/reason.hpp"

namespace stile {

struct Decision {
    Verdict verdict = Verdict::Refuse;
    Reason reason = Reason::Error;
    friend bool operator==(const Decision&, const Decision&) = default;
};

// Total and pure: no clock, no database, no thread. The first rule that refuses gives the reason;
// the order is that of pretix's signed path (list unreadable, wrong event, revoked, superseded,
// times, product, used). An exit is not refused for times or repetition, so that nobody is kept
// inside.
[[nodiscard]] Decision decide(const Claimant& claimant, const Facts& facts, const Policy& policy,
                              const ClockBounds& now, Direction direction);

// The refusal for a credential that is no genuine ticket.
[[nodiscard]] Decision decide(crypto::Fault fault);

}  // namespace stile
