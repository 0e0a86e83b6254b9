// SPDX-License-Identifier: Apache-2.0
// The file of issuer keys that a gate trusts (crypto/FORMAT.md).
#pragma once

#include <filesystem>

#include "crypto/base/result.hpp"
#include "crypto/key_ring.hpp"

namespace stile::config {

// Errors: Config with file, line and key; NotFound, Denied.
[[nodiscard]] Result<crypto::KeyRing> load_keys(const std::filesystem::path& file);

}  // namespace stile::config
