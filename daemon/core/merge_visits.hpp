// SPDX-License-Identifier: Apache-2.0
// One history out of what the gate remembers and what a platform knows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "daemon/core/position.hpp"
#include "daemon/core/visit.hpp"

namespace stile {

// Adds the platform's visits of `list` to our own in `visits` and puts all in order. What we
// uploaded comes back with our device's number, in whole seconds: such a visit counts once. A
// platform's visit of ours that we do not remember counts too, since a ledger may be restored.
// Allocates nothing but room in `visits`.
void merge_visits(std::span<const PlatformVisit> platform, std::uint64_t list,
                  std::uint64_t our_device, std::vector<Visit>& visits);

}  // namespace stile
