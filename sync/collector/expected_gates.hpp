// SPDX-License-Identifier: Apache-2.0
// Which gates have to be there when the collector starts, though nobody tells it of them.
#pragma once

#include "crypto/base/result.hpp"
#include "sync/collector/gate_watch.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {

struct BothClocks {
    WallTime wall;
    GateWatch::Time steady;
};

// Gates with an entry of the last 24 hours, and those that the store notes as silent: of one that
// died while the collector was away the broker may remember nothing. Errors: the store's.
[[nodiscard]] Result<void> expect_gates(EntryStore& store, GateWatch& watch, BothClocks now);

}  // namespace stile::sync
