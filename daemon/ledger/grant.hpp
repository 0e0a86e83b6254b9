// SPDX-License-Identifier: Apache-2.0
// The proof that an admission is on the disk: without one, no turnstile opens.
#pragma once

#include <cstdint>

#include "crypto/ticket.hpp"
#include "daemon/core/visit.hpp"

namespace stile {

// People go from one area of the venue to another; 0 is outside.
struct AreaMove {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    friend bool operator==(const AreaMove&, const AreaMove&) = default;
};

// An admission whose outcome is not known yet, with everything that its outcome will need.
struct OpenAdmission {
    std::uint64_t admission = 0;  // sequence number of its entry
    crypto::Identity identity{};
    Direction direction = Direction::Entry;
    std::uint64_t epoch = 0;  // of its entry
    ListKey list;
    WallTime time;            // of its entry
    std::uint8_t people = 1;  // that may pass
    std::uint16_t flags = 0;  // of its Decided
    AreaMove move;            // both 0: it leads nowhere
    WallTime in_area_since;   // that it leaves
    // It was shown again at the lane that had released it: a second time does not count.
    bool second_chance = false;
    friend bool operator==(const OpenAdmission&, const OpenAdmission&) = default;
};

// Only a committed ledger batch makes grants, and Turnstile::release() takes nothing else: a
// release without a durable entry cannot be written down.
class Grant {
public:
    [[nodiscard]] const OpenAdmission& admission() const { return admission_; }

private:
    friend class Batch;
    explicit Grant(const OpenAdmission& admission) : admission_{admission} {}
    OpenAdmission admission_;
};

}  // namespace stile
