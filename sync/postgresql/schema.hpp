// SPDX-License-Identifier: Apache-2.0
// The tables of a store in PostgreSQL, who works on them, and what the server has to promise.
#pragma once

#include <cstdint>

#include "sync/collector/store.hpp"
#include "sync/postgresql/connection.hpp"

namespace stile::sync {

enum class PgRole : std::uint8_t { Collector, Import };

// Makes the session as the store needs it, and for StoreUse::Collect the tables that are missing.
// Errors: NotFound (Look, no tables), Unsupported (of a later version; a server that does not
// sync), Denied.
[[nodiscard]] Result<void> prepare_schema(PgConnection& connection, StoreUse use);

// A lock for as long as the session lives. False when another has it.
[[nodiscard]] Result<bool> take(PgConnection& connection, PgRole role);
void give_back(PgConnection& connection, PgRole role);
[[nodiscard]] Result<bool> is_taken(PgConnection& connection, PgRole role);

}  // namespace stile::sync
