// SPDX-License-Identifier: Apache-2.0
// Two sets: what is known, and what is not.
#include "sync/publish/leftovers.hpp"

#include <utility>

namespace stile::sync {

void Leftovers::begin() {
    doubtful_.merge(said_);
    said_.clear();
    complete_ = false;
}

void Leftovers::complete() {
    complete_ = true;
}

void Leftovers::said(std::string_view topic, std::string_view payload) {
    if (const auto found = doubtful_.find(topic); found != doubtful_.end()) doubtful_.erase(found);
    if (!payload.empty()) {
        said_.emplace(topic);
    } else if (const auto found = said_.find(topic); found != said_.end()) {
        said_.erase(found);
    }
}

void Leftovers::heard(std::string_view topic, std::string_view payload) {
    const auto doubtful = doubtful_.find(topic);
    if (payload.empty()) {
        if (doubtful != doubtful_.end()) doubtful_.erase(doubtful);
    } else if (doubtful_.size() < kMost && !said_.contains(topic)) {
        doubtful_.emplace(topic);
    }
}

std::vector<std::string> Leftovers::take() {
    if (!complete_) return {};
    const auto gone = std::exchange(doubtful_, {});
    return {gone.begin(), gone.end()};
}

}  // namespace stile::sync
