// SPDX-License-Identifier: Apache-2.0
// The user and group with which the kernel judges a thread's access to files.
#include "daemon/runtime/other_rights.hpp"

#include <fcntl.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

namespace stile {
namespace {

constexpr uid_t kAsk = static_cast<uid_t>(-1);  // nobody's: changes nothing

Owner current() {
    return {static_cast<uid_t>(::setfsuid(kAsk)), static_cast<gid_t>(::setfsgid(kAsk))};
}

// Both calls say nothing of failure.
bool become(const Owner& owner) {
    ::setfsgid(owner.group);
    ::setfsuid(owner.user);
    const Owner now = current();
    return now.user == owner.user && now.group == owner.group;
}

}  // namespace

std::optional<Owner> owner_of(const std::filesystem::path& folder) {
    struct stat about{};
    if (::geteuid() != 0 || ::stat(folder.c_str(), &about) != 0 || about.st_uid == 0)
        return std::nullopt;
    const Owner owner{about.st_uid, about.st_gid};
    const OtherRights rights{owner};
    const bool works =
        rights.good() && ::faccessat(AT_FDCWD, folder.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) == 0;
    return works ? std::optional{owner} : std::nullopt;
}

OtherRights::OtherRights(const std::optional<Owner>& owner) {
    if (!owner) return;
    before_ = current();
    good_ = become(*owner);
}

OtherRights::~OtherRights() {
    if (before_ && !become(*before_)) ::_exit(1);
}

}  // namespace stile
