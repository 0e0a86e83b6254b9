// SPDX-License-Identifier: Apache-2.0
// The lanes of the site file, made: each with its turnstile and its week.
#pragma once

#include <optional>
#include <vector>

#include "daemon/config/site.hpp"
#include "daemon/core/zone.hpp"
#include "daemon/lane/gate.hpp"
#include "daemon/site_devices.hpp"

namespace stile {

[[nodiscard]] std::vector<LaneSetup> lanes_of(const config::Site& site, SiteDevices& devices);

// Nothing when no lane asks a list of the platform.
[[nodiscard]] std::optional<PlatformSetup> platform_of(const config::Site& site, Orders& orders);

// The clocks of the place. Errors: Config (no such zone), Io (no data base of zones).
[[nodiscard]] Result<Zone> zone_of(const config::Site& site);

// Of a reader that says its own; nothing: its lane's.
[[nodiscard]] std::optional<Direction> direction_of(const config::Reader& reader);

}  // namespace stile
