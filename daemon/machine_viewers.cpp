// SPDX-License-Identifier: Apache-2.0
// What the lanes show goes to their lamps, and to the displays that watch them.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/control/lane_view.hpp"
#include "daemon/machine.hpp"

namespace stile {

void Machine::take(const PeerInfo& peer, const protocol::Watch& watch) {
    const auto lane = gate_.lane_named(watch.lane);
    if (!lane) {
        return hub_.drop(peer.id, protocol::Parting::NotAllowed,
                         fmt::format("the site file names no lane {}", watch.lane));
    }
    const std::pair viewer{*lane, peer.id};
    if (std::ranges::find(viewers_, viewer) == viewers_.end()) viewers_.push_back(viewer);
    hub_.send(peer.id, lane_view(watch.lane, gate_.sign(*lane)));
}

// One that does not read is sent away by send(), and so leaves viewers_ while we go through it.
void Machine::lane_shows(std::size_t lane, const LaneSign& sign) {
    lamps_.show(lane, sign);
    if (viewers_.empty()) return;
    const protocol::LaneView view = lane_view(gate_.lanes()[lane].name(), sign);
    for (const auto& [watched, peer] : std::vector{viewers_}) {
        if (watched == lane) hub_.send(peer, view);
    }
}

}  // namespace stile
