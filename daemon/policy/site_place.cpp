// SPDX-License-Identifier: Apache-2.0
// A lane for both directions is one for each.
#include "daemon/policy/site_place.hpp"

namespace stile {

PolicyPlace policy_place_of(const config::Site& site) {
    PolicyPlace place{.venue = site.site.venue, .gate = site.site.gate, .lanes = {}};
    for (const config::Lane& lane : site.lanes) {
        if (lane.direction != "exit") place.lanes.push_back({lane.name, Direction::Entry});
        if (lane.direction != "entry") place.lanes.push_back({lane.name, Direction::Exit});
    }
    return place;
}

}  // namespace stile
