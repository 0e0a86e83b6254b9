// SPDX-License-Identifier: Apache-2.0
// Puts a verified copy in the place of the ledger, and keeps what was there.
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>

#include "crypto/base/time_text.hpp"
#include "daemon/ledger/backup.hpp"
#include "daemon/ledger/files.hpp"
#include "daemon/ledger/state_lock.hpp"

namespace stile {
namespace {

namespace fs = std::filesystem;

// "ledger.aside-20260501T180000Z"
fs::path aside_name(const fs::path& state, WallTime now) {
    std::string time = to_rfc3339(std::chrono::floor<std::chrono::seconds>(now));
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    fs::path name = state / ("ledger.aside-" + time);
    std::error_code ignored;
    for (int i = 2; fs::exists(name, ignored); ++i)
        name = state / ("ledger.aside-" + time + "-" + std::to_string(i));
    return name;
}

Result<void> copy_beside(const fs::path& backup, const fs::path& fresh) {
    std::error_code ignored;
    fs::remove_all(fresh, ignored);
    if (::mkdir(fresh.c_str(), 0700) != 0) return files::error_of(fresh);
    if (auto copied = files::copy(backup / "data.mdb", fresh / "data.mdb"); !copied) return copied;
    if (::chmod((fresh / "data.mdb").c_str(), 0600) != 0) return files::error_of(fresh);
    return files::sync(fresh);
}

// Root copies, and the daemon has to open it.
Result<void> give_to_owner_of(const fs::path& state, const fs::path& fresh) {
    struct stat about{};
    if (::geteuid() != 0) return {};
    if (::stat(state.c_str(), &about) != 0) return files::error_of(state);
    for (const fs::path& path : {fresh / "data.mdb", fresh}) {
        if (::lchown(path.c_str(), about.st_uid, about.st_gid) != 0) return files::error_of(path);
    }
    return {};
}

Result<void> move(const fs::path& from, const fs::path& to, unsigned int flags) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) != 0)
        return files::error_of(to);
    return {};
}

// Both folders change places at once, so that a crash never leaves the gate without a ledger, and
// none under a name that the next restore clears away. Returns where the old one is, if any.
Result<fs::path> take_place(const fs::path& fresh, const fs::path& state, WallTime now) {
    const fs::path ledger = state / "ledger";
    const fs::path aside = aside_name(state, now);
    std::error_code ignored;
    const bool exists = fs::exists(ledger, ignored);
    auto moved = move(fresh, exists ? aside : ledger, RENAME_NOREPLACE);
    if (moved && exists) {
        moved = move(aside, ledger, RENAME_EXCHANGE);
        if (!moved) (void)move(aside, fresh, RENAME_NOREPLACE);  // it is still the copy
    }
    if (!moved) return std::unexpected{std::move(moved.error())};
    return exists ? aside : fs::path{};
}

}  // namespace

Result<Restored> restore_backup(const fs::path& backup, const fs::path& state, WallTime now) {
    // Before anything is made; the whole of it is read under the lock.
    if (auto any = read_manifest(backup); !any) return std::unexpected{std::move(any.error())};
    std::error_code ignored;
    fs::create_directories(state, ignored);
    const auto lock = lock_state(state);
    if (!lock) return std::unexpected{lock.error()};
    auto manifest = check_backup(backup);
    if (!manifest) return std::unexpected{std::move(manifest.error())};
    const fs::path fresh = state / "ledger.restoring";
    auto done = copy_beside(backup, fresh);
    if (done) done = give_to_owner_of(state, fresh);
    auto aside = done ? take_place(fresh, state, now) : std::unexpected{std::move(done.error())};
    if (!aside) {
        fs::remove_all(fresh, ignored);
        return std::unexpected{std::move(aside.error())};
    }
    if (auto synced = files::sync(state); !synced)
        return std::unexpected{std::move(synced.error())};
    return Restored{std::move(*manifest), std::move(*aside)};
}

}  // namespace stile
