// SPDX-License-Identifier: Apache-2.0
// Tickets that were refused at many gates within a short time: somebody tries their luck.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "crypto/hash.hpp"
#include "daemon/core/visit.hpp"

namespace stile::sync {

class TicketWatch {
public:
    static constexpr std::size_t kGates = 3;
    static constexpr std::chrono::minutes kWithin{10};
    static constexpr std::chrono::minutes kRemembered{30};  // a ticket that struck
    static constexpr std::size_t kMostTickets = 20'000;     // of which refusals are remembered
    static constexpr std::size_t kMostStrikes = 200;        // the newest

    // A refusal, in any order of their times.
    void take(const crypto::TicketId& ticket, std::size_t gate, WallTime time, WallTime now);
    // The tickets that struck within the last 30 minutes.
    [[nodiscard]] std::vector<crypto::TicketId> look(WallTime now) const;
    [[nodiscard]] std::size_t remembered() const { return young_.size() + old_.size(); }

private:
    struct At {
        std::size_t gate = 0;
        WallTime time = WallTime::min();
    };
    using Places = std::array<At, kGates>;  // of the last refusal at each of three gates
    // Ids are keyed hashes of genuine tickets: their first bytes spread well.
    struct Hash {
        std::size_t operator()(const crypto::TicketId& ticket) const;
    };
    using Tickets = std::unordered_map<crypto::TicketId, Places, Hash>;

    [[nodiscard]] Places& places_of(const crypto::TicketId& ticket, WallTime now);
    void strike(const crypto::TicketId& ticket, WallTime time);

    // Two generations: the old one is forgotten when the young one is full or ten minutes old.
    Tickets young_;
    Tickets old_;
    WallTime young_since_ = WallTime::min();
    std::map<crypto::TicketId, WallTime> strikes_;  // the last refusal of each
};

}  // namespace stile::sync
