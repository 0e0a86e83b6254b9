// SPDX-License-Identifier: Apache-2.0
// Sorted by the second entry; its name breaks ties.
#include "sync/collector/conflicts.hpp"

#include <algorithm>

namespace stile::sync {

ConflictsView newest_conflicts(const std::map<crypto::TicketId, std::vector<Conflict>>& all,
                               std::size_t most) {
    std::vector<const Conflict*> found;
    for (const auto& [ticket, conflicts] : all) {
        for (const Conflict& conflict : conflicts)
            found.push_back(&conflict);
    }
    const auto shown = std::min(most, found.size());
    const auto newer = [](const Conflict* a, const Conflict* b) {
        return b->at.back() < a->at.back();
    };
    std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(shown), newer);
    ConflictsView out{.count = found.size()};
    for (std::size_t i = 0; i < shown; ++i)
        out.last.push_back(*found[i]);
    return out;
}

}  // namespace stile::sync
