// SPDX-License-Identifier: Apache-2.0
// What every program of stile that speaks to a broker is told of it in the same words.
#pragma once

#include "daemon/config/document.hpp"
#include "daemon/config/site.hpp"

namespace stile::config {

// Addresses, user, files, patience: of [mqtt] in the site file and in the collector's.
[[nodiscard]] Fields broker_fields(Mqtt& s);

}  // namespace stile::config
