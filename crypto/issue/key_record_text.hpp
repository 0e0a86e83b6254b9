// SPDX-License-Identifier: Apache-2.0
// The public record of a key as TOML, as the key file of a gate takes it (crypto/FORMAT.md).
#pragma once

#include <string>

#include "crypto/key_ring.hpp"

namespace stile::crypto {

// One [[key]] table. What has its default value is left out.
[[nodiscard]] std::string key_record_toml(const KeyRecord& record);

}  // namespace stile::crypto
