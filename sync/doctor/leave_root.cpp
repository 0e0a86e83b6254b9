// SPDX-License-Identifier: Apache-2.0
// memfd_create; setgroups, setgid, setuid, and a look whether there is a way back.
#include "sync/doctor/leave_root.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/runtime/other_rights.hpp"

namespace stile::sync {
namespace {

struct User {
    uid_t id;
    gid_t group;
};

std::unexpected<Error> errno_of(Errc code, const std::string& what) {
    return fail(code, what + ": " + std::system_category().message(errno));
}

Result<User> find_user(const std::string& name) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> room{};
    (void)::getpwnam_r(name.c_str(), &entry, room.data(), room.size(), &found);
    if (found == nullptr) return fail(Errc::NotFound, "there is no user " + name + " here");
    if (entry.pw_uid == 0) return fail(Errc::Denied, "the user " + name + " is root");
    return User{entry.pw_uid, entry.pw_gid};
}

bool is_only(const User& to) {
    std::array<uid_t, 3> users{};
    std::array<gid_t, 3> groups{};
    return ::getresuid(&users[0], &users[1], &users[2]) == 0 &&
           ::getresgid(&groups[0], &groups[1], &groups[2]) == 0 &&
           users == std::array{to.id, to.id, to.id} &&
           groups == std::array{to.group, to.group, to.group} && ::getgroups(0, nullptr) == 0 &&
           ::setuid(0) != 0;
}

// One more part of a file; false at its end.
Result<bool> copy_part(int from, int to, const std::string& path) {
    std::array<char, 4096> part{};
    const ssize_t size = ::read(from, part.data(), part.size());
    if (size < 0 || ::write(to, part.data(), static_cast<std::size_t>(size)) != size)
        return errno_of(Errc::Io, path);
    return size > 0;
}

// The copy has no name for anybody else; this process opens it as /proc/self/fd/N.
Result<UniqueFd> copy_in_memory(const std::string& path) {
    const UniqueFd from{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    UniqueFd to{::memfd_create("stile-doctor", MFD_CLOEXEC)};
    if (!from || !to) return errno_of(Errc::Io, path);
    for (Result<bool> more = true; *more;) {
        more = copy_part(from.get(), to.get(), path);
        if (!more) return std::unexpected{std::move(more.error())};
    }
    return to;
}

}  // namespace

std::optional<std::string> closed_to(const std::string& user,
                                     const std::vector<std::string>& files) {
    if (::geteuid() != 0) return std::nullopt;
    const auto to = find_user(user);
    // What fails here leave_root() says.
    if (!to || ::initgroups(user.c_str(), to->group) != 0) return std::nullopt;
    const OtherRights rights{Owner{to->id, to->group}};
    for (const std::string& file : files) {
        const UniqueFd fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
        if (!fd && errno == EACCES) return file;
    }
    return std::nullopt;
}

Result<std::vector<UniqueFd>> leave_root(const std::string& user, Tls& files) {
    std::vector<UniqueFd> copies;
    if (::geteuid() != 0) return copies;
    const auto to = find_user(user);
    if (!to) return std::unexpected{to.error()};
    for (std::string* path : {&files.ca_file, &files.certificate_file, &files.key_file}) {
        if (path->empty()) continue;
        auto copy = copy_in_memory(*path);
        if (!copy) return std::unexpected{std::move(copy.error())};
        *path = "/proc/self/fd/" + std::to_string(copy->get());
        copies.push_back(std::move(*copy));
    }
    const bool became =
        ::setgroups(0, nullptr) == 0 && ::setgid(to->group) == 0 && ::setuid(to->id) == 0;
    if (!became) return errno_of(Errc::Denied, "root cannot become " + user);
    if (!is_only(*to)) return fail(Errc::Denied, "root did not become " + user + " altogether");
    return copies;
}

}  // namespace stile::sync
