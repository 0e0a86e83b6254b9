// SPDX-License-Identifier: Apache-2.0
// The store that the configuration names.
#pragma once

#include <memory>

#include "crypto/base/result.hpp"
#include "sync/collector/config.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {

// Errors: those of the adapter, Config (the connection file).
[[nodiscard]] Result<std::unique_ptr<EntryStore>> open_store(const StoreConfig& config,
                                                             StoreUse use);

}  // namespace stile::sync
