// SPDX-License-Identifier: Apache-2.0
// The message by which Home Assistant finds a gate and knows what to show of it.
#pragma once

#include <chrono>
#include <string_view>

#include "crypto/base/result.hpp"
#include "sync/publish/outgoing.hpp"
#include "sync/publish/topics.hpp"

namespace stile::sync {

// From the daemon's report `info`, which has the lanes. Figures of health count for `health_expiry`
// only. Errors: Invalid (not such a report). Never throws.
[[nodiscard]] Result<Outgoing> discovery_message(const Topics& topics, std::string_view venue,
                                                 std::string_view info,
                                                 std::chrono::seconds health_expiry);

}  // namespace stile::sync
