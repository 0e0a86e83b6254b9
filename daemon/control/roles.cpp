// SPDX-License-Identifier: Apache-2.0
// Group numbers to roles, user numbers to names.
#include "daemon/control/roles.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

namespace stile {
namespace {

// Room for one line of /etc/group with all its members.
constexpr std::size_t kLineBytes = 65'536;

struct CloseFile {
    void operator()(FILE* file) const { (void)std::fclose(file); }
};
using File = std::unique_ptr<FILE, CloseFile>;

File open_file(const char* path) {
    return File{std::fopen(path, "re")};
}

std::optional<std::string> system_user_name(uid_t user) {
    std::vector<char> buffer(kLineBytes);
    passwd entry{};
    passwd* found = nullptr;
    (void)::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found);  // `found` says it
    return found == nullptr ? std::nullopt : std::optional<std::string>{found->pw_name};
}

std::optional<gid_t> system_group_id(const std::string& name) {
    std::vector<char> buffer(kLineBytes);
    group entry{};
    group* found = nullptr;
    (void)::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);  // as above
    return found == nullptr ? std::nullopt : std::optional<gid_t>{found->gr_gid};
}

// The first line of /etc/passwd that `fits`.
template <class Fits>
std::optional<passwd> local_user(std::vector<char>& buffer, Fits fits) {
    const File file = open_file("/etc/passwd");
    passwd entry{};
    passwd* found = nullptr;
    while (file && ::fgetpwent_r(file.get(), &entry, buffer.data(), buffer.size(), &found) == 0) {
        if (fits(entry)) return entry;
    }
    return std::nullopt;
}

std::optional<std::string> local_user_name(uid_t user) {
    std::vector<char> buffer(kLineBytes);
    const auto entry = local_user(buffer, [user](const passwd& it) { return it.pw_uid == user; });
    return entry ? std::optional<std::string>{entry->pw_name} : std::nullopt;
}

std::optional<gid_t> local_group_id(const std::string& name) {
    std::vector<char> buffer(kLineBytes);
    const File file = open_file("/etc/group");
    group entry{};
    group* found = nullptr;
    while (file && ::fgetgrent_r(file.get(), &entry, buffer.data(), buffer.size(), &found) == 0) {
        if (name == entry.gr_name) return entry.gr_gid;
    }
    return std::nullopt;
}

bool is_member(const protocol::Peer& peer, const std::vector<std::string>& names,
               const NameSource& source) {
    return std::ranges::any_of(names, [&](const std::string& name) {
        const auto group = source.group_id(name);
        return group && (peer.group == *group ||
                         std::ranges::find(peer.groups, *group) != peer.groups.end());
    });
}

std::optional<StaffRole> role_of(const protocol::Peer& peer, const RoleGroups& groups,
                                 const NameSource& names) {
    if (peer.user == 0 || peer.user == ::geteuid()) return StaffRole::Maintainer;
    for (std::size_t i = kStaffRoles; i > 0; --i) {
        if (is_member(peer, groups[i - 1], names)) return static_cast<StaffRole>(i);
    }
    return std::nullopt;
}

}  // namespace

std::string_view name_of(StaffRole role) {
    switch (role) {
        case StaffRole::Viewer:
            return "viewer";
        case StaffRole::Operator:
            return "operator";
        case StaffRole::Supervisor:
            return "supervisor";
        case StaffRole::Security:
            return "security";
        case StaffRole::Maintainer:
            break;
    }
    return "maintainer";
}

NameSource system_names() {
    return {system_user_name, system_group_id};
}

NameSource local_names() {
    return {local_user_name, local_group_id};
}

std::optional<uid_t> local_user_id(const std::string& name) {
    std::vector<char> buffer(kLineBytes);
    const auto entry = local_user(buffer, [&name](const passwd& it) { return name == it.pw_name; });
    return entry ? std::optional<uid_t>{entry->pw_uid} : std::nullopt;
}

Caller identify(const protocol::Peer& peer, const RoleGroups& groups, const NameSource& names) {
    auto name = names.user_name(peer.user);
    return {name ? std::move(*name) : fmt::format("uid {}", peer.user),
            role_of(peer, groups, names)};
}

}  // namespace stile
