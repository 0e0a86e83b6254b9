// SPDX-License-Identifier: Apache-2.0
// The platform's two lists of secrets: revoked for ever, and blocked until it says otherwise.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "crypto/base/result.hpp"
#include "crypto/ticket.hpp"
#include "daemon/catalog/catalog.hpp"
#include "daemon/core/visit.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

enum class SecretList : std::uint8_t { Revoked = 1, Blocked };

// One row of the platform. Two rows may name the same ticket in two spellings: each stands for
// itself.
struct ListedSecret {
    std::uint64_t id = 0;
    crypto::Identity identity;
    bool listed = true;             // false: the row says that it is not blocked any more
    std::optional<WallTime> since;  // an older row never replaces a newer one
};

// A revoked secret stays revoked. Errors: Full, Corrupt, Io.
[[nodiscard]] Result<void> put_secret(const lmdb::Environment& catalog, lmdb::Writer& writer,
                                      SecretList list, std::uint32_t event,
                                      const ListedSecret& secret);

// Whether a row of the list names the identity. The cursor stands in the table Secrets. Errors:
// Corrupt, Io.
[[nodiscard]] Result<bool> has_secret(lmdb::Cursor& secrets, SecretList list, std::uint32_t event,
                                      const crypto::Identity& identity);

}  // namespace stile
