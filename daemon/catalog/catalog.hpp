// SPDX-License-Identifier: Apache-2.0
// The environment `catalog`: its tables, and how to open it (CATALOG.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "daemon/lmdb/environment.hpp"

namespace stile {

enum class CatalogTable : std::uint8_t {
    Meta,
    Bits,
    Reissue,
    Hashed,
    Documents,
    Orders,
    Media,
    Index,
    Secrets
};

[[nodiscard]] inline lmdb::Table table_of(const lmdb::Environment& catalog, CatalogTable table) {
    return catalog.table(static_cast<std::size_t>(table));
}

// Opens FOLDER, or makes it. Forks while it checks the file: call before other threads start.
// Errors: those of lmdb::Environment::open; Unsupported for a format of another version.
[[nodiscard]] Result<lmdb::Environment> open_catalog(const std::filesystem::path& folder,
                                                     std::size_t map_bytes);

// The same to look at, without changing anything; another program may be writing. Errors: also
// NotFound.
[[nodiscard]] Result<lmdb::Environment> open_catalog_to_read(const std::filesystem::path& folder);

}  // namespace stile
