// SPDX-License-Identifier: Apache-2.0
// The proof that an admission is on the disk: without one, no turnstile opens.
#pragma once

#include <cstdint>

#include "crypto/ticket.hpp"
#include "daemon/core/facts.hpp"

namespace stile {

// An admission whose outcome is not known yet.
struct OpenAdmission {
    std::uint64_t admission = 0;  // sequence number of its entry
    crypto::Identity identity{};
    Direction direction = Direction::Entry;
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
