// SPDX-License-Identifier: Apache-2.0
// Topic names are concatenations; the only rule is what may stand between two slashes.
#include "sync/publish/topics.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace stile::sync {

Topics::Topics(std::string_view venue, std::string gate)
    : gate_{std::move(gate)}, base_{fmt::format("stile/v1/{}/{}/", venue, gate_)} {}

std::string Topics::lane(std::string_view name) const {
    return fmt::format("{}lane/{}", base_, name);
}

std::string Topics::alarm(std::string_view code) const {
    return fmt::format("{}alarm/{}", base_, code);
}

std::string Topics::ack(std::string_view collector) const {
    return fmt::format("{}ack/{}", base_, collector);
}

bool is_topic_level(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !name.empty() && name.size() <= 63 && std::ranges::all_of(name, allowed);
}

}  // namespace stile::sync
