// SPDX-License-Identifier: Apache-2.0
// What a lane shows, as a message to its displays. Pure.
#pragma once

#include <string>

#include "daemon/lane/lane_sign.hpp"
#include "daemon/protocol/messages.hpp"

namespace stile {

[[nodiscard]] protocol::LaneView lane_view(const std::string& lane, const LaneSign& sign);

}  // namespace stile
