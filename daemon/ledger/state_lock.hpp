// SPDX-License-Identifier: Apache-2.0
// One program at a time works on a state folder.
#pragma once

#include <filesystem>

#include "crypto/base/result.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {

// Held while the descriptor is open. Two daemons on one ledger would each believe to be its only
// writer. Errors: Denied, Io (another program works on it).
[[nodiscard]] Result<UniqueFd> lock_state(const std::filesystem::path& state);

}  // namespace stile
