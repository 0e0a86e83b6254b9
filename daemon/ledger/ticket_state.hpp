// SPDX-License-Identifier: Apache-2.0
// What the ledger remembers of one ticket beside its visits, for ever.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "daemon/core/facts.hpp"

namespace stile {

// Laid out in bytes by daemon/LEDGER.md.
struct TicketState {
    std::uint8_t highest_reissue = 0;
    std::uint32_t last_proof = 0;     // newest accepted holder time proof, seconds; 0: none
    std::uint32_t second_chance = 0;  // lane_tag() of the lane that released it; 0: none
    std::uint32_t area = 0;           // where its holder is; 0: outside
    std::uint64_t area_since_ms = 0;
    std::uint64_t pending = 0;  // sequence number of the open admission; 0: none
    // Earlier visits were made with copies that this one replaces, and do not count.
    std::uint64_t counts_since_ms = 0;
    friend bool operator==(const TicketState&, const TicketState&) = default;

    // What a proof shown at this lane is compared with: after an admission that was released there,
    // the same proof counts once more.
    [[nodiscard]] std::uint32_t last_proof_at(std::string_view lane) const;
};

// Never 0.
[[nodiscard]] std::uint32_t lane_tag(std::string_view lane);

// Takes out visits that were made with copies which are replaced.
void forget_before(const TicketState& state, std::vector<Visit>& visits);

// The facts for one access list, from the ticket's visits on it in order. An open admission counts
// as a passage until it is known that nobody passed. An exit of somebody whose entry is not known
// counts nothing.
[[nodiscard]] EntryFacts entry_facts(const TicketState& state, std::span<const Visit> visits,
                                     std::string_view lane);

[[nodiscard]] Buffer encode_state(const TicketState& state);
// Errors: Corrupt.
[[nodiscard]] Result<TicketState> decode_state(Bytes bytes);

}  // namespace stile
