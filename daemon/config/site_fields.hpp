// SPDX-License-Identifier: Apache-2.0
// The tables by which the site file is read, for programs that write one or ask for its values.
#pragma once

#include <vector>

#include "daemon/config/document.hpp"
#include "daemon/config/site.hpp"

namespace stile::config {

// Each points into its argument. Those of Wiring and FirePanel are in wiring.hpp.
[[nodiscard]] Fields fields(Gate& section);
[[nodiscard]] Fields fields(Paths& section);
[[nodiscard]] Fields fields(Sockets& section);
[[nodiscard]] Fields fields(Roles& section);
[[nodiscard]] Fields fields(Ledger& section);
[[nodiscard]] Fields fields(Clock& section);
[[nodiscard]] Fields fields(Policy& section);
[[nodiscard]] Fields fields(Platform& section);
[[nodiscard]] Fields fields(Cards& section);
[[nodiscard]] Fields fields(Lane& section);
[[nodiscard]] Fields fields(Staff& section);
[[nodiscard]] Fields fields(Schedule& section);
[[nodiscard]] Fields fields(Reader& section);
[[nodiscard]] Fields fields(Mqtt& section);
[[nodiscard]] Fields fields(Metrics& section);
[[nodiscard]] Fields fields(Display& section);

// All of them; `site` outlives the sections.
[[nodiscard]] std::vector<Section> sections_of(Site& site);

}  // namespace stile::config
