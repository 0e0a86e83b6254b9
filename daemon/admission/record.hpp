// SPDX-License-Identifier: Apache-2.0
// Writes a decided scan down: entry, ticket state, and what the platform has to hear.
#pragma once

#include <string>

#include "crypto/hash.hpp"
#include "daemon/admission/case.hpp"
#include "daemon/ledger/ledger.hpp"

namespace stile {

// What only the lane knows, and what recall() gave.
struct Recording {
    Decided entry;      // lane, reader, medium, times, area; the rest is filled in here
    TicketState state;  // of the claimant
    AreaMove move;
    std::string nonce;  // that an online attempt had; empty: an admission gets its derived one, so
                        // that it can be taken back by its entry, a refusal any
};

// All proofs of one step are one, so its beginning stands for them.
void remember_proof(const crypto::Ticket& ticket, TicketState& state);

// Fills in what a genuine ticket says; what the case and the decision say.
void describe(const crypto::Ticket& ticket, Decided& entry);
void describe(const Case& scan, const Decision& decision, const crypto::EventSecret& secret,
              Decided& entry);

// One transaction's worth: an admission becomes pending and gives a grant at the commit, a refusal
// is an entry; either is put in line for the platform, unless it has heard of it `Online` already.
// Errors: those of the batch; after one, only destroy it.
enum class Heard : std::uint8_t { NotYet, Online };
[[nodiscard]] Result<void> record(Batch& batch, const Case& scan, const Decision& decision,
                                  Recording what, const ClockReading& now,
                                  Heard heard = Heard::NotYet);

}  // namespace stile
