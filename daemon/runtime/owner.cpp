// SPDX-License-Identifier: Apache-2.0
// lchown: a link is given away, and never what it leads to.
#include "daemon/runtime/owner.hpp"

#include <cerrno>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

namespace stile {
namespace {

std::unexpected<Error> denied(const std::filesystem::path& path) {
    return fail(Errc::Denied, path.native() + ": " + std::system_category().message(errno));
}

}  // namespace

Result<void> give_to_owner_of(const std::filesystem::path& folder,
                              std::initializer_list<std::filesystem::path> made) {
    struct stat about{};
    if (::geteuid() != 0) return {};
    if (::stat(folder.c_str(), &about) != 0) return denied(folder);
    for (const std::filesystem::path& path : made) {
        struct stat now{};
        if (::lstat(path.c_str(), &now) != 0) continue;
        if (now.st_uid == about.st_uid && now.st_gid == about.st_gid) continue;
        if (::lchown(path.c_str(), about.st_uid, about.st_gid) != 0) return denied(path);
    }
    return {};
}

}  // namespace stile
