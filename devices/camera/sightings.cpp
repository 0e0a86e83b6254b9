// SPDX-License-Identifier: Apache-2.0
// A short list in order of last sighting; searching 64 entries costs less than a hash.
#include "devices/camera/sightings.hpp"

#include <algorithm>
#include <utility>

namespace stile::devices {

std::vector<Sightings::Seen>::iterator Sightings::find(Bytes content) {
    return std::ranges::find_if(
        seen_, [content](const Seen& seen) { return std::ranges::equal(seen.content, content); });
}

Sighting Sightings::see(Bytes content, std::chrono::nanoseconds now) {
    if (!seen_.empty()) now = std::max(now, seen_.back().last);
    auto known = find(content);
    const bool held = known != seen_.end() && now - known->last < hold_off_;
    if (known == seen_.end()) {
        if (seen_.size() == kMemory) seen_.erase(seen_.begin());
        known = seen_.insert(seen_.end(), Seen{{content.begin(), content.end()}, now});
    }
    known->last = now;
    std::rotate(known, known + 1, seen_.end());
    return held ? Sighting::Held : Sighting::New;
}

void Sightings::forget(Bytes content) {
    if (const auto known = find(content); known != seen_.end()) seen_.erase(known);
}

}  // namespace stile::devices
