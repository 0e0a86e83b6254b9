// SPDX-License-Identifier: Apache-2.0
// What the decision looks at: plain values, gathered by the gate before it asks.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>

#include "crypto/ticket.hpp"
#include "daemon/core/access_list.hpp"
#include "daemon/core/position.hpp"
#include "daemon/core/question.hpp"
#include "daemon/core/reason.hpp"
#include "daemon/core/visit.hpp"

namespace stile {

class Zone;
namespace rules {
class Program;
}

// A position of synced orders that was found by its secret, or by a medium that stands for it.
// Borrows.
struct PositionClaim {
    const KnownPosition* position = nullptr;  // never null
    const KnownMedium* medium = nullptr;      // that was shown; null: the secret itself
};

// Who asks to pass.
using Claimant = std::variant<crypto::VerifiedTicket, PositionClaim>;

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

// What is known of the access list at which somebody asks, and of this scan. A null pointer: not
// known, and what needs it refuses. Borrows everything.
struct ListFacts {
    const Event* event = nullptr;
    const AccessList* list = nullptr;
    const Product* product = nullptr;      // of the claimant
    const Variation* variation = nullptr;  // null: none, or not known
    const Zone* zone = nullptr;            // the event's
    // The list's custom rule. Null: it could not be compiled. A list without one has an empty one.
    const rules::Program* rule = nullptr;
    std::span<const Question> questions;  // of the event, in their order
    std::span<const Visit> visits;        // earlier ones of the claimant on this list, in order
    std::uint64_t gate = 0;               // the platform's number of this entrance; 0: none
    WallTime time;                        // the best guess, for the custom rule

    // On the event's block list, under any of its names.
    enum class Block : std::uint8_t { Clear, Blocked } block = Block::Clear;
    // Whether a medium stands for the position.
    enum class Media : std::uint8_t { None, Linked } media = Media::None;

    // What the one who scans wants: to let pass who has not paid, where the list permits it; to ask
    // no questions, because nobody could answer them.
    enum class Unpaid : std::uint8_t { Refuse, Ignore } unpaid = Unpaid::Refuse;
    enum class Asking : std::uint8_t { Ask, Skip } asking = Asking::Ask;
    std::span<const GivenAnswer> answers;  // given with this scan
};

struct Facts {
    RevocationFacts revocation;
    EntryFacts entry;
    const ListFacts* at = nullptr;  // null: the gate's own list, which is its policy
    std::optional<Reason> venue;    // why the venue's policy refuses; nothing: it does not
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
    WallTime lower;
    WallTime upper;
};

}  // namespace stile
