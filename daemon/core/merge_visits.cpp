// SPDX-License-Identifier: Apache-2.0
// Pairs of the same visit, and what is left over.
#include "daemon/core/merge_visits.hpp"

#include <algorithm>

namespace stile {
namespace {

bool are_same(const Visit& ours, const Visit& theirs) {
    using std::chrono::floor;
    using std::chrono::seconds;
    return ours.direction == theirs.direction &&
           floor<seconds>(ours.time) == floor<seconds>(theirs.time);
}

// How many of these are the same visit as `one`.
std::ptrdiff_t copies(std::span<const Visit> visits, const Visit& one) {
    return std::ranges::count_if(visits, [&](const Visit& visit) { return are_same(visit, one); });
}

}  // namespace

void merge_visits(std::span<const PlatformVisit> platform, std::uint64_t list,
                  std::uint64_t our_device, std::vector<Visit>& visits) {
    const std::size_t own = visits.size();
    for (std::size_t i = 0; i < platform.size(); ++i) {
        const PlatformVisit& theirs = platform[i];
        if (theirs.list != list) continue;
        const auto is_uploaded = [&](const PlatformVisit& other) {
            return other.list == list && other.device == our_device &&
                   are_same(other.visit, theirs.visit);
        };
        const bool ours = our_device != 0 && theirs.device == our_device;
        // The first of them pairs with our first, and so on.
        const auto before = std::ranges::count_if(platform.first(i), is_uploaded);
        if (ours && before < copies(std::span{visits}.first(own), theirs.visit)) continue;
        visits.push_back(theirs.visit);
    }
    std::ranges::sort(visits);
}

}  // namespace stile
