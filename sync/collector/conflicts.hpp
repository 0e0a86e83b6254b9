// SPDX-License-Identifier: Apache-2.0
// Tickets that entered twice without leaving, the newest first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "sync/collector/visits.hpp"

namespace stile::sync {

struct ConflictsView {
    std::uint64_t count = 0;     // of all
    std::vector<Conflict> last;  // the newest first
    friend bool operator==(const ConflictsView&, const ConflictsView&) = default;
};

inline constexpr std::size_t kMostConflicts = 100;

// Reentrant.
[[nodiscard]] ConflictsView newest_conflicts(
    const std::map<crypto::TicketId, std::vector<Conflict>>& all,
    std::size_t most = kMostConflicts);

}  // namespace stile::sync
