// SPDX-License-Identifier: Apache-2.0
// What people and tools may ask of the daemon, one row a verb (control/CONTROL.md).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/catalog/orders/orders.hpp"
#include "daemon/catalog/revocations.hpp"
#include "daemon/control/reports.hpp"
#include "daemon/control/roles.hpp"
#include "daemon/control/staff_desk.hpp"
#include "daemon/protocol/messages.hpp"

namespace stile {

struct CommandParts {
    std::function<GateReport()> report;
    Revocations& revocations;
    Orders& orders;
    const RoleGroups& groups;
    StaffDesk& desk;
    // Begins a backup, into a folder or (empty) where they are kept; answers when it has ended.
    std::function<Result<void>(const std::string& folder)> back_up;
    // A test of a lane ends with the connection of whoever began it.
    std::function<Result<std::string>(const std::string& lane, const std::string& reason)>
        begin_test;
    // Begins to read the site file anew; answers when that has come into force, or was refused.
    std::function<Result<void>()> reload;
};

// Runs on the gate thread; blocks for a few look-ups or one commit at most. Total: a wrong command
// has an answer too. Nothing: it is under way, and is answered when it has ended.
[[nodiscard]] std::optional<protocol::CommandResult> run_command(const Caller& caller,
                                                                 const protocol::Command& command,
                                                                 const CommandParts& parts);

// Whether the caller may use the verb. Errors: Denied, with the groups that may.
[[nodiscard]] Result<void> may_use(const Caller& caller, std::string_view verb,
                                   const RoleGroups& groups);
// Words for a person without any role.
[[nodiscard]] std::string no_role_text(const Caller& caller, const RoleGroups& groups);

// Whether the verb changes something, and so stands in the ledger and the journal.
[[nodiscard]] bool is_act(std::string_view verb);

// The table as tests compare it with the documents and with stilectl.
struct VerbAbout {
    std::string_view name;
    StaffRole least;
    std::string_view command;  // of stilectl
};
[[nodiscard]] std::vector<VerbAbout> all_verbs();

}  // namespace stile
