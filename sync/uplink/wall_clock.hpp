// SPDX-License-Identifier: Apache-2.0
// The moment now, for payloads.
#pragma once

#include <functional>

#include "sync/publish/stamp.hpp"

namespace stile::sync {

// Where the parts of a program get it from: main chooses.
using WallClock = std::function<Stamp()>;

// The system's clock. It counts as synced when the kernel says that somebody disciplines it.
[[nodiscard]] Stamp wall_clock();

}  // namespace stile::sync
