// SPDX-License-Identifier: Apache-2.0
// What stands in the messages that sync writes itself: the gate's status.
#pragma once

#include <string>
#include <string_view>

#include "daemon/entry/entry_json.hpp"
#include "sync/publish/stamp.hpp"

namespace stile::sync {

enum class GateState { Starting, Online, Degraded, Offline };

// `detail` is a sentence for people; empty: absent.
[[nodiscard]] std::string status_json(std::string_view gate, GateState state, std::string_view boot,
                                      std::string_view detail, const Stamp& stamp);
// The will: the broker says it for us, so it cannot hold a time.
[[nodiscard]] std::string lost_json(std::string_view gate, std::string_view boot);

}  // namespace stile::sync
