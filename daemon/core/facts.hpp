// SPDX-License-Identifier: Apache-2.0
// What the decision looks at: plain values, gathered by the gate before it asks.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <variant>

#include "crypto/ticket.hpp"
#include "daemon/core/visit.hpp"

namespace stile {

// Who asks to pass. Positions and media known from synced orders join this variant with the
// catalog.
using Claimant = std::variant<crypto::VerifiedTicket>;

struct RevocationFacts {
    enum class List : std::uint8_t { Clear, Revoked, Unreadable } list = List::Clear;
    std::uint8_t lowest_valid_reissue = 0;  // copies below it are revoked
};

// Earlier passages of this ticket, as the ledger remembers them.
struct EntryFacts {
    std::uint8_t highest_reissue = 0;     // seen on a genuine copy
    std::uint32_t entered = 0;            // people who passed inwards, open admissions included
    std::uint32_t left = 0;               // people who passed outwards; never more than entered
    std::chrono::sys_seconds last_proof;  // newest holder proof or wallet code that was accepted
};

struct Facts {
    RevocationFacts revocation;
    EntryFacts entry;
};

enum class Reentry : std::uint8_t { Never, AfterExit, Always };

// What this gate admits. Empty spans: no restriction. The arrays behind the spans outlive the
// policy.
struct Policy {
    std::span<const std::uint32_t> events;
    std::span<const std::uint64_t> products;
    Reentry reentry = Reentry::Never;
    std::chrono::seconds proof_past{60};    // how old a proof with a time may be
    std::chrono::seconds proof_future{30};  // how far the phone's clock may be ahead
    std::chrono::seconds proof_clock{15};   // how well ours must be known to judge a proof
};

// The true time lies between the two. A ticket's end is judged by `lower`, its beginning by
// `upper`.
struct ClockBounds {
    std::chrono::sys_seconds lower;
    std::chrono::sys_seconds upper;
};

}  // namespace stile
