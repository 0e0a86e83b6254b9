// SPDX-License-Identifier: Apache-2.0
// One line an adapter.
#include "sync/collector/open_store.hpp"

#include "sync/postgresql/postgresql_store.hpp"
#include "sync/sqlite/sqlite_store.hpp"
#include "sync/uplink/credentials.hpp"

namespace stile::sync {

Result<std::unique_ptr<EntryStore>> open_store(const StoreConfig& config, StoreUse use) {
    if (config.kind == StoreKind::Sqlite) return open_sqlite_store(config.path, use);
    const auto where = credential_line("store.connection_file", config.connection_file);
    if (!where) return std::unexpected{where.error()};
    return open_postgresql_store(*where, use);
}

}  // namespace stile::sync
