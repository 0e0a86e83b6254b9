// SPDX-License-Identifier: Apache-2.0
// The site file as the gate understands it: its lanes with their turnstiles, and its rules.
#pragma once

#include <optional>
#include <vector>

#include "daemon/config/site.hpp"
#include "daemon/core/zone.hpp"
#include "daemon/lane/gate.hpp"
#include "daemon/site_devices.hpp"
#include "daemon/site_rules.hpp"

namespace stile {

[[nodiscard]] std::vector<LaneSetup> lanes_of(const config::Site& site, SiteDevices& devices);

// By what the gate decides. Borrows the orders.
[[nodiscard]] GateRules gate_rules(const Rules& rules, Orders& orders);

// Of a reader that says its own; nothing: its lane's.
[[nodiscard]] std::optional<Direction> direction_of(const config::Reader& reader);

}  // namespace stile
