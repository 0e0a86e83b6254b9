// SPDX-License-Identifier: Apache-2.0
// What tools may ask of the daemon, one row a verb.
#pragma once

#include <functional>

#include "daemon/catalog/orders/orders.hpp"
#include "daemon/catalog/revocations.hpp"
#include "daemon/control/reports.hpp"
#include "daemon/protocol/messages.hpp"

namespace stile {

struct CommandParts {
    std::function<GateReport()> report;
    Revocations& revocations;
    Orders& orders;
};

// Runs on the gate thread; blocks for a few look-ups at most. Total: a wrong command has an answer
// too.
[[nodiscard]] protocol::CommandResult run_command(const protocol::Command& command,
                                                  const CommandParts& parts);

}  // namespace stile
