// SPDX-License-Identifier: Apache-2.0
// The tables of a store in SQLite, and whether a file is one.
#pragma once

#include "sync/collector/store.hpp"
#include "sync/sqlite/database.hpp"

namespace stile::sync {

// Makes the tables in an empty file. Errors: Unsupported (of a later version), Corrupt (not a
// store), and those of the database.
[[nodiscard]] Result<void> prepare_schema(SqliteDatabase& database);

}  // namespace stile::sync
