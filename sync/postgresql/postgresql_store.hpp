// SPDX-License-Identifier: Apache-2.0
// The collector's store in a PostgreSQL database, for what lies beyond one machine.
#pragma once

#include <memory>
#include <string>

#include "crypto/base/result.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {

// `where` is a connection string of libpq. The tables are made for StoreUse::Collect where they are
// missing. After a lost connection each call tries to connect once, and the coverage is read anew.
// Errors: Closed (nobody there), NotFound (Look, no tables), Denied (another collector has it;
// permissions), Unsupported (of a later version; a server that does not sync).
[[nodiscard]] Result<std::unique_ptr<EntryStore>> open_postgresql_store(const std::string& where,
                                                                        StoreUse use);

}  // namespace stile::sync
