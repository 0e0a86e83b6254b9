// SPDX-License-Identifier: Apache-2.0
// Copies of the ledger: made while gates run, verified, kept, and put back.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "daemon/ledger/manifest.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

inline constexpr std::size_t kBackupsKept = 8;

// The way out where the daemon's unit keeps it from a folder, or gives it another one of that name.
inline constexpr std::string_view kBackupPlace =
    "under systemd stiled writes below its state folder only, and has a /tmp of its own; run "
    "stilectl backup without a folder and copy the newest of STATE/backups, or stop stiled before";

struct BackupWish {
    std::filesystem::path into;       // made if it is missing
    std::size_t keep = kBackupsKept;  // older ones are removed, once the new one is good
    WallTime now;
    std::string gate;
    std::string software;
};

// Copies what is durable now, verifies the copy, and gives it its name. Thread-safe beside a
// writer; blocks for the whole copy. After an error nothing that was there has changed. Errors:
// Full, Io, Denied, Corrupt (the copy does not verify: the ledger is damaged).
[[nodiscard]] Result<BackupMade> back_up(const lmdb::Environment& ledger, const BackupWish& wish);

// Reads a whole backup: size, SHA-256, pages, chains, checksums. Errors: NotFound, Corrupt, Io.
[[nodiscard]] Result<Manifest> check_backup(const std::filesystem::path& backup);

// What a backup says of itself, unchecked. Errors: NotFound, Corrupt, Io.
[[nodiscard]] Result<Manifest> read_manifest(const std::filesystem::path& backup);

// The backups in a folder, the newest first; they may be damaged.
[[nodiscard]] std::vector<std::filesystem::path> backups_in(const std::filesystem::path& into);

struct Restored {
    Manifest manifest;
    std::filesystem::path aside;  // where the old ledger is now; empty: there was none
};
// Puts a backup in the place of STATE/ledger, in one step; the next start begins a new epoch.
// Errors: Io (a daemon runs), and those of check_backup(): nothing has changed.
[[nodiscard]] Result<Restored> restore_backup(const std::filesystem::path& backup,
                                              const std::filesystem::path& state, WallTime now);

// One backup at a time, on a thread of its own.
class Backup {
public:
    // Called on that thread: it may only post.
    using Done = std::function<void(Result<BackupMade>)>;

    // The environment outlives it.
    Backup(const lmdb::Environment& ledger, Done done) : ledger_{ledger}, done_{std::move(done)} {}
    // False when one is under way.
    [[nodiscard]] bool start(BackupWish wish);

private:
    const lmdb::Environment& ledger_;
    Done done_;
    std::atomic<bool> busy_ = false;
    std::jthread thread_;
};

}  // namespace stile
