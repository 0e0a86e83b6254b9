// SPDX-License-Identifier: Apache-2.0
// stat and the user database.
#include <array>
#include <cerrno>

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

#include "daemon/doctor/probes.hpp"

namespace stile::doctor {
namespace {

std::string name_of_user(uid_t user) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> room{};
    if (::getpwuid_r(user, &entry, room.data(), room.size(), &found) != 0 || found == nullptr)
        return std::to_string(user);
    return entry.pw_name;
}

std::string name_of_group(gid_t group) {
    ::group entry{};
    ::group* found = nullptr;
    std::array<char, 4096> room{};
    if (::getgrgid_r(group, &entry, room.data(), room.size(), &found) != 0 || found == nullptr)
        return std::to_string(group);
    return entry.gr_name;
}

}  // namespace

FileFact look_at_file(const std::string& path) {
    struct stat about{};
    if (::stat(path.c_str(), &about) != 0)
        return {.sight = errno == EACCES ? Sight::Hidden : Sight::Absent};
    return {Sight::Seen, static_cast<unsigned>(about.st_mode & 07777U), name_of_user(about.st_uid),
            name_of_group(about.st_gid), path};
}

FileFact look_at_secret(const std::string& name) {
    if (name.find('/') != std::string::npos) return look_at_file(name);
    FileFact plain = look_at_file("/etc/credstore/" + name);
    if (plain.sight != Sight::Absent) return plain;
    return look_at_file("/etc/credstore.encrypted/" + name);
}

bool has_user(const std::string& name) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> room{};
    return ::getpwnam_r(name.c_str(), &entry, room.data(), room.size(), &found) == 0 &&
           found != nullptr;
}

}  // namespace stile::doctor
