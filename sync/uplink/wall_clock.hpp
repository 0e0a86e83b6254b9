// SPDX-License-Identifier: Apache-2.0
// The moment now, for payloads.
#pragma once

#include "sync/publish/stamp.hpp"

namespace stile::sync {

// The clock counts as synced when the kernel says that somebody disciplines it.
[[nodiscard]] Stamp wall_clock();

}  // namespace stile::sync
