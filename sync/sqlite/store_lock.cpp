// SPDX-License-Identifier: Apache-2.0
// One byte of the file for each role, locked by open file description.
#include "sync/sqlite/store_lock.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>

namespace stile::sync {
namespace {

struct flock byte_of(StoreRole role, short type) {
    struct flock lock{};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = std::to_underlying(role);
    lock.l_len = 1;
    return lock;
}

std::string reason() {
    return std::system_category().message(errno);
}

}  // namespace

Result<StoreLock> StoreLock::open(const std::filesystem::path& store) {
    const std::string file = store.native() + ".lock";
    UniqueFd fd{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!fd) return fail(errno == ENOENT ? Errc::NotFound : Errc::Denied, file + ": " + reason());
    return StoreLock{std::move(fd)};
}

Result<bool> StoreLock::take(StoreRole role) {
    struct flock lock = byte_of(role, F_WRLCK);
    if (::fcntl(fd_.get(), F_OFD_SETLK, &lock) == 0) {
        collects_ = collects_ || role == StoreRole::Collector;
        return true;
    }
    if (errno == EAGAIN || errno == EACCES) return false;
    return fail(Errc::Io, "the store cannot be locked: " + reason());
}

void StoreLock::give_back(StoreRole role) {
    struct flock lock = byte_of(role, F_UNLCK);
    (void)::fcntl(fd_.get(), F_OFD_SETLK, &lock);  // it ends with the descriptor at the latest
}

Result<bool> StoreLock::is_taken(StoreRole role) const {
    if (role == StoreRole::Collector && collects_) return true;
    struct flock lock = byte_of(role, F_WRLCK);
    if (::fcntl(fd_.get(), F_OFD_GETLK, &lock) != 0)
        return fail(Errc::Io, "the store's lock cannot be read: " + reason());
    return lock.l_type != F_UNLCK;
}

}  // namespace stile::sync
