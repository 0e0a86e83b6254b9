// SPDX-License-Identifier: Apache-2.0
// The number of a gate in binary formats.
#pragma once

#include <cstdint>

#include "daemon/config/site.hpp"

namespace stile::config {

// As the site file says, or else the first 8 bytes of SHA-256("venue/gate").
[[nodiscard]] std::uint64_t gate_number(const Gate& gate);

}  // namespace stile::config
