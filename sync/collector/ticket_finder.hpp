// SPDX-License-Identifier: Apache-2.0
// Which ticket somebody means: by its id, by the id's first digits, or by its code.
#pragma once

#include <optional>
#include <string_view>

#include "crypto/base/result.hpp"
#include "crypto/hash.hpp"
#include "crypto/verifier.hpp"
#include "sync/collector/config.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {

// Reads the event secret and the keys at the first use, once.
class TicketFinder {
public:
    explicit TicketFinder(const StoreConfig& config) : config_{config} {}

    // Errors: Invalid (too few digits; no genuine ticket), Config (no secret or keys for a code).
    [[nodiscard]] Result<TicketPrefix> find(std::string_view typed);
    // Errors: Invalid (no genuine ticket), Config.
    [[nodiscard]] Result<crypto::VerifiedTicket> prove(std::string_view code);
    // The id under the event secret. Errors: Config.
    [[nodiscard]] Result<crypto::TicketId> id_of(const crypto::Identity& identity);

private:
    const StoreConfig& config_;
    std::optional<crypto::EventSecret> secret_;
    std::optional<crypto::KeyRing> keys_;
};

}  // namespace stile::sync
