// SPDX-License-Identifier: Apache-2.0
// Backups that somebody asks the running gate for: one at a time, and how old the last one is.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "daemon/ledger/backup.hpp"
#include "daemon/runtime/bounded_queue.hpp"
#include "daemon/runtime/event_loop.hpp"

namespace stile {

// Thread-bound to the loop; the copying is done on a thread of its own, for which the destructor
// waits.
class BackupDesk {
public:
    struct Options {
        std::filesystem::path home;  // where they are kept
        std::size_t keep = kBackupsKept;
        std::string gate;
        std::string software;
    };
    struct Order {
        std::filesystem::path into;  // empty: home
        WallTime now;
        std::function<void(std::chrono::seconds)> working;  // for so long, every five seconds
        std::function<void(const Result<BackupMade>&)> done;
    };

    // Looks for the newest backup in `home`. Borrows the environment.
    BackupDesk(EventLoop& loop, const lmdb::Environment& ledger, Options options);

    // Errors: Invalid (a folder that is no whole path, or a backup is under way).
    [[nodiscard]] Result<void> check(const std::filesystem::path& into) const;
    // After check().
    void start(Order order);
    // Call when the loop was woken.
    void collect();

    // When the newest backup was made, here or in this run; nothing: none is known.
    [[nodiscard]] std::optional<WallTime> newest() const { return newest_; }

private:
    Options options_;
    EventLoop& loop_;
    std::optional<Order> order_;  // under way
    std::int64_t began_ns_ = 0;
    EventSource timer_;
    std::optional<WallTime> newest_;
    BoundedQueue<Result<BackupMade>> ended_{1};  // one backup at a time
    Backup backup_;                              // last: its thread ends before what it uses
};

}  // namespace stile
