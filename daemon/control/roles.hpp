// SPDX-License-Identifier: Apache-2.0
// What a person may do at this gate: five roles, each by membership of a Unix group.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "daemon/protocol/channel.hpp"

namespace stile {

// In this order: each may do what those before it may.
enum class StaffRole : std::uint8_t {
    Viewer = 1,
    Operator,
    Supervisor,
    Security,
    Maintainer,
    Last = Maintainer
};
inline constexpr std::size_t kStaffRoles = static_cast<std::size_t>(StaffRole::Last);
// "viewer", "operator", "supervisor", "security", "maintainer"
[[nodiscard]] std::string_view name_of(StaffRole role);

// Who asks on a control socket, as the kernel and the directory of users name them.
struct Caller {
    std::string person;             // login name, or "uid 1234"
    std::optional<StaffRole> role;  // nothing: may do nothing
    friend bool operator==(const Caller&, const Caller&) = default;
};

// The groups whose members have each role; those that do not exist have none.
using RoleGroups = std::array<std::vector<std::string>, kStaffRoles>;
[[nodiscard]] inline const std::vector<std::string>& groups_of(const RoleGroups& groups,
                                                               StaffRole role) {
    return groups[static_cast<std::size_t>(role) - 1];
}

// Where names come from: the directory of users, the files below /etc, or a test.
struct NameSource {
    std::function<std::optional<std::string>(uid_t)> user_name;
    std::function<std::optional<gid_t>(const std::string&)> group_id;
};
// The name service of the system. It may ask another host, and then block for as long as it likes.
[[nodiscard]] NameSource system_names();
// /etc/passwd and /etc/group only; does not block.
[[nodiscard]] NameSource local_names();
// A user of /etc/passwd.
[[nodiscard]] std::optional<uid_t> local_user_id(const std::string& name);

// The highest role of the peer's groups. Root, and whoever runs the daemon, is a maintainer.
[[nodiscard]] Caller identify(const protocol::Peer& peer, const RoleGroups& groups,
                              const NameSource& names);

}  // namespace stile
