// SPDX-License-Identifier: Apache-2.0
// The lamps and buzzers of all lanes: they say what the display says.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "daemon/config/site.hpp"
#include "daemon/lane/lane_sign.hpp"
#include "daemon/site_devices.hpp"
#include "devices/lamps/lamp_player.hpp"

namespace stile {

[[nodiscard]] devices::LampSign lamp_sign_of(SignState state);

// Thread-bound to the loop of the devices.
class LaneLamps {
public:
    LaneLamps(const config::Site& site, SiteDevices& devices);

    // A new answer sounds once, also one that is the same as the answer before it.
    void show(std::size_t lane, const LaneSign& sign);

private:
    struct OfLane {
        std::unique_ptr<devices::LampPlayer> player;  // null: it has none
        SignTime heard;                               // the answer that sounded last
    };
    std::vector<OfLane> lanes_;
};

}  // namespace stile
