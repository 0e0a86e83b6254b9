// SPDX-License-Identifier: Apache-2.0
// Tells a copy of a ledger from the ledger itself; for this folder only.
#pragma once

#include <cstddef>
#include <filesystem>

#include "crypto/base/result.hpp"

namespace stile {

// Whoever opens the copy to write begins an epoch first. `map_bytes`: more than its file has.
[[nodiscard]] Result<void> mark_as_copy(const std::filesystem::path& folder, std::size_t map_bytes);

}  // namespace stile
