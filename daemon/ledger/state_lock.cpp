// SPDX-License-Identifier: Apache-2.0
// A lock on a file of the folder, which the kernel lets go when its holder dies.
#include "daemon/ledger/state_lock.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>

#include "daemon/runtime/other_rights.hpp"

namespace stile {

Result<UniqueFd> lock_state(const std::filesystem::path& state) {
    const OtherRights rights{owner_of(state)};
    if (!rights.good()) return fail(Errc::Denied, state.native() + ": not as its owner");
    const auto file = state / "lock";
    UniqueFd fd{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!fd)
        return fail(Errc::Denied, file.native() + ": " + std::system_category().message(errno));
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
        return fail(Errc::Io, state.native() + ": another stiled works on this folder already");
    return fd;
}

}  // namespace stile
