// SPDX-License-Identifier: Apache-2.0
// The collector's store in one SQLite file, for a venue with one machine for it.
#pragma once

#include <filesystem>
#include <memory>

#include "crypto/base/result.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {

// The file is made for StoreUse::Collect if it is not there; ":memory:" is one that nobody keeps.
// Errors: NotFound (Look, no such file), Denied (another collector has it; permissions),
// Unsupported (of a later version), Corrupt (not a store), Io, Full.
[[nodiscard]] Result<std::unique_ptr<EntryStore>> open_sqlite_store(
    const std::filesystem::path& file, StoreUse use);

}  // namespace stile::sync
