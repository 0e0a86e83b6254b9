// SPDX-License-Identifier: Apache-2.0
// What a policy has to know of the gate of a site file.
#pragma once

#include "daemon/config/site.hpp"
#include "daemon/policy/policy_document.hpp"

namespace stile {

[[nodiscard]] PolicyPlace policy_place_of(const config::Site& site);

}  // namespace stile
