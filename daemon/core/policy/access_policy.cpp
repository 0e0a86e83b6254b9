// SPDX-License-Identifier: Apache-2.0
// Finds what holds for a product and where a lane leads.
#include "daemon/core/policy/access_policy.hpp"

#include <algorithm>

namespace stile {
namespace {

// How exactly a row names this product; 0: it does not.
int fit(const ProductTerms& row, std::uint32_t event, std::uint64_t product) {
    if (row.event && *row.event != event) return 0;
    if (!row.ids.empty() && !std::ranges::binary_search(row.ids, product)) return 0;
    return 1 + (row.event ? 1 : 0) + (row.ids.empty() ? 0 : 2);
}

}  // namespace

const Terms* AccessPolicy::terms(std::uint32_t event, std::uint64_t product) const {
    const Terms* best = other_products ? &*other_products : nullptr;
    int best_fit = 0;
    for (const ProductTerms& row : products) {
        if (const int fits = fit(row, event, product); fits > best_fit) {
            best = &row.terms;
            best_fit = fits;
        }
    }
    return best;
}

const Way* AccessPolicy::way(std::string_view lane, Direction direction) const {
    const auto found = std::ranges::find_if(
        ways, [&](const Way& way) { return way.lane == lane && way.direction == direction; });
    return found == ways.end() ? nullptr : &*found;
}

}  // namespace stile
