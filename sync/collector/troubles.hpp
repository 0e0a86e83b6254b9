// SPDX-License-Identifier: Apache-2.0
// What is wrong in the venue at the moment: the table of alarms in OPS.md, as code.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/collector/acknowledgements.hpp"
#include "sync/collector/config.hpp"
#include "sync/collector/detectors.hpp"
#include "sync/collector/gaps.hpp"
#include "sync/collector/gate_watch.hpp"
#include "sync/collector/occupancy.hpp"
#include "sync/collector/venue_alarms.hpp"

namespace stile::sync {

// Each adds to what is wrong. Pure, reentrant.
using Troubles = std::vector<Trouble>;

void add_silent_gates(std::span<const GateWatch::Silent> silent, Troubles& out);
void add_missing_entries(std::span<const ReplayRequest> overdue, Troubles& out);
// `known`: what is raised already is cleared at a lower level.
void add_full_areas(const OccupancyView& occupancy, std::span<const AreaConfig> areas,
                    const VenueAlarms& known, Troubles& out);
// Until 30 minutes after somebody took it on.
void add_double_entries(const Occupancy& occupancy, const Acknowledgements& acknowledged,
                        WallTime now, Troubles& out);
void add_refunded_inside(const Occupancy& occupancy, const std::set<crypto::TicketId>& revoked,
                         Troubles& out);
void add_strikes(std::span<const Strike> strikes, Troubles& out);
// `why`: what the store said last; empty: it works.
void add_store(std::string_view why, Troubles& out);

}  // namespace stile::sync
