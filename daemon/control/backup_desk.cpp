// SPDX-License-Identifier: Apache-2.0
// Hands the work to the backup's thread, and its end back to the loop.
#include "daemon/control/backup_desk.hpp"

#include <utility>

namespace stile {
namespace {

constexpr std::chrono::milliseconds kSignOfLife{5'000};

std::optional<WallTime> newest_in(const std::filesystem::path& home) {
    for (const auto& backup : backups_in(home)) {
        if (const auto manifest = read_manifest(backup)) return manifest->time;
    }
    return std::nullopt;
}

// A folder below one that cannot be made is not found.
bool is_shut_out(Errc code) {
    return code == Errc::Denied || code == Errc::NotFound;
}

}  // namespace

BackupDesk::BackupDesk(EventLoop& loop, const lmdb::Environment& ledger, Options options)
    : options_{std::move(options)},
      loop_{loop},
      newest_{newest_in(options_.home)},
      backup_{ledger, [this](Result<BackupMade> made) {
                  if (ended_.push(std::move(made))) loop_.wake();
              }} {}

Result<void> BackupDesk::check(const std::filesystem::path& into) const {
    if (order_) return fail(Errc::Invalid, "a backup is under way; try again when it has ended");
    if (!into.empty() && !into.is_absolute())
        return fail(Errc::Invalid, into.native() + ": name the folder by its whole path");
    return {};
}

void BackupDesk::start(Order order) {
    BackupWish wish{.into = order.into.empty() ? options_.home : order.into,
                    .keep = options_.keep,
                    .now = order.now,
                    .gate = options_.gate,
                    .software = options_.software};
    if (!backup_.start(std::move(wish))) return order.done(fail(Errc::Invalid, "busy"));
    order_ = std::move(order);
    began_ns_ = EventLoop::monotonic_ns();
    timer_ = loop_.every(kSignOfLife, [this] {
        order_->working(std::chrono::floor<std::chrono::seconds>(
            std::chrono::nanoseconds{EventLoop::monotonic_ns() - began_ns_}));
    });
}

void BackupDesk::collect() {
    auto made = ended_.try_pop();
    if (!made) return;
    timer_.reset();
    if (*made) newest_ = (*made)->manifest.time;
    const auto order = std::exchange(order_, std::nullopt);
    if (!*made && !order->into.empty() && is_shut_out(made->error().code))
        made->error().context.append(": ").append(kBackupPlace);
    order->done(*made);
}

}  // namespace stile
