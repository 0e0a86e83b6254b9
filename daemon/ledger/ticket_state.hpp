// SPDX-License-Identifier: Apache-2.0
// What the ledger remembers of one ticket, for ever.
#pragma once

#include <cstdint>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "daemon/core/facts.hpp"

namespace stile {

// Laid out in bytes by daemon/LEDGER.md.
struct TicketState {
    std::uint8_t highest_reissue = 0;
    std::uint32_t entered = 0;
    std::uint32_t left = 0;
    std::uint32_t last_proof = 0;  // newest accepted holder time proof, seconds; 0: none
    std::uint64_t pending = 0;     // sequence number of the open admission; 0: none
    std::uint64_t first_ms = 0;
    std::uint64_t last_ms = 0;
    friend bool operator==(const TicketState&, const TicketState&) = default;

    // Somebody passed. An exit of someone whose entry is not known counts nothing.
    void pass(Direction direction, std::uint64_t time_ms);
    // An open admission counts as an entry until it is known that nobody passed.
    [[nodiscard]] EntryFacts facts() const;
};

[[nodiscard]] Buffer encode_state(const TicketState& state);
// Errors: Corrupt.
[[nodiscard]] Result<TicketState> decode_state(Bytes bytes);

}  // namespace stile
