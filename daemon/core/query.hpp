// SPDX-License-Identifier: Apache-2.0
// What a check of the decision is asked, and what it may answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/core/facts.hpp"
#include "daemon/core/reason.hpp"

namespace stile {

// Everything that one decision may look at. Borrows.
struct Query {
    const Claimant& claimant;
    const Facts& facts;
    const Policy& policy;
    const ClockBounds& now;
    Direction direction;

    // Null for a position.
    [[nodiscard]] const crypto::Ticket* ticket() const {
        const auto* verified = std::get_if<crypto::VerifiedTicket>(&claimant);
        return verified == nullptr ? nullptr : &verified->ticket();
    }
    // Null for a signed ticket.
    [[nodiscard]] const KnownPosition* position() const {
        const auto* claim = std::get_if<PositionClaim>(&claimant);
        return claim == nullptr ? nullptr : claim->position;
    }
    [[nodiscard]] std::uint32_t event() const {
        return ticket() != nullptr ? ticket()->event : position()->event;
    }
    [[nodiscard]] std::uint64_t product() const {
        return ticket() != nullptr ? ticket()->product : position()->product;
    }
    [[nodiscard]] std::uint64_t variation() const {
        return ticket() != nullptr ? ticket()->variation : position()->variation;
    }
    [[nodiscard]] std::uint64_t subevent() const {
        return ticket() != nullptr ? ticket()->subevent : position()->subevent;
    }
};

// Nothing: this check has no objection.
using Refusal = std::optional<Reason>;

// The checks by name, for explanations. Which of them are asked, and in which order, is in
// decide.cpp.
enum class Check : std::uint8_t {
    ListsReadable,
    OwnEvent,
    ListKnown,
    OrderStanding,
    Revocation,
    Block,
    NewestCopy,
    Approval,
    Times,
    Proof,
    OwnProduct,
    ListProduct,
    Subevent,
    ProductKnown,
    Payment,
    Exchange,
    CustomRule,
    Questions,
    VenuePolicy,
    Admissions,
    EntryPermission,
};

// "lists-readable", "own-event", ...
[[nodiscard]] std::string_view name_of(Check check);

// One row of a table of checks. Pure and total, like the decision itself.
struct CheckRow {
    Check check;
    Refusal (*refusal)(const Query&);
};

}  // namespace stile
