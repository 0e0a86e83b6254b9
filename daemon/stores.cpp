// SPDX-License-Identifier: Apache-2.0
// Secret, device key, ledger, catalog.
#include "daemon/stores.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>

#include "daemon/catalog/catalog.hpp"
#include "daemon/ledger/backup.hpp"
#include "daemon/ledger/own_secret.hpp"
#include "daemon/ledger/state_lock.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/message_id.hpp"
#include "daemon/runtime/notify.hpp"

namespace stile {
namespace {

Result<void> make_folder(const std::string& path, mode_t mode) {
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path{path}.parent_path(), error);
    if (::mkdir(path.c_str(), mode) == 0 || errno == EEXIST) return {};
    return fail(Errc::Denied,
                fmt::format("{}: cannot be made: {}", path, std::system_category().message(errno)));
}

std::size_t bytes_of_mib(std::int64_t mib) {
    return static_cast<std::size_t>(mib) << 20U;
}

// Something to read where there is nothing good: it has an epoch that nobody else has.
Result<Ledger> empty_ledger(const config::Site& site, Ledger::Options options, Clock& clock) {
    options.folder = std::filesystem::path{site.paths.runtime} / "ledger.none";
    options.reserve_bytes = 0;
    std::error_code ignored;
    std::filesystem::remove_all(options.folder, ignored);
    if (auto made = Ledger::open(options, clock); !made) return made;
    return Ledger::open_read_only(options.folder, lmdb::PageCheck::Skip);
}

// The slowest disk that a gate should have; it is an upper bound for the service manager.
constexpr std::uint64_t kBytesASecond = 2U << 20U;

void tell_migration(const MigrationNews& news) {
    using Part = MigrationNews::Part;
    const std::string formats = fmt::format("from format {} to {}", news.from, news.to);
    const auto say = [](const std::string& text) {
        log::notice(text, {log::message_id(log::kLedgerMigrated)});
        notify::status(text);
    };
    notify::extend(std::chrono::seconds{60 + news.bytes / kBytesASecond});
    switch (news.part) {
        case Part::Copying:
            return say(fmt::format("the ledger goes {}: first a copy, to {}", formats,
                                   news.aside.native()));
        case Part::Changing:
            return say(fmt::format("the ledger goes {}: the copy is there", formats));
        case Part::Step:
            return log::info(fmt::format("the ledger goes {}: {}", formats, news.step));
        case Part::Done:
            return say(fmt::format("the ledger went {}; as it was it is in {}", formats,
                                   news.aside.native()));
    }
}

// The ledger; when it is damaged, the newest good backup to look at.
Result<Ledger> open_ledger(const config::Site& site, const Ledger::Options& options, Clock& clock,
                           std::string& damage) {
    auto ledger = Ledger::open(options, clock);
    if (ledger || ledger.error().code != Errc::Corrupt) return ledger;
    damage = ledger.error().context;
    for (const auto& backup : backups_in(std::filesystem::path{site.paths.state} / "backups")) {
        if (!check_backup(backup)) continue;
        if (auto copy = Ledger::open_read_only(backup, lmdb::PageCheck::Skip)) return copy;
    }
    return empty_ledger(site, options, clock);
}

Result<lmdb::Environment> open_lists(const config::Site& site, std::size_t map_bytes,
                                     std::string& damage) {
    auto catalog = open_catalog(catalog_folder(site), map_bytes);
    if (catalog || catalog.error().code != Errc::Corrupt) return catalog;
    damage = catalog.error().context;
    const auto none = std::filesystem::path{site.paths.runtime} / "catalog.none";
    std::error_code ignored;
    std::filesystem::remove_all(none, ignored);
    return open_catalog(none, map_bytes);
}

}  // namespace

std::filesystem::path catalog_folder(const config::Site& site) {
    return std::filesystem::path{site.paths.state} / "catalog";
}

Result<Stores> open_stores(const config::Site& site, std::uint64_t boot, std::string_view software,
                           Clock& clock) {
    for (const std::string& folder : {site.paths.state, site.paths.runtime}) {
        if (auto made = make_folder(folder, 0755); !made)
            return std::unexpected{std::move(made.error())};
    }
    const std::filesystem::path state{site.paths.state};
    auto lock = lock_state(state);
    if (!lock) return std::unexpected{std::move(lock.error())};
    auto secret = site.paths.secret.empty() ? own_event_secret(state / "event.secret")
                                            : read_event_secret(site.paths.secret);
    if (!secret) return std::unexpected{std::move(secret.error())};
    auto device = own_device_key(state / "device.key");
    if (!device) return std::unexpected{std::move(device.error())};
    const std::size_t map_bytes = bytes_of_mib(site.ledger.map_mib);
    std::string ledger_damage;
    std::string catalog_damage;
    auto ledger = open_ledger(site,
                              {.folder = state / "ledger",
                               .map_bytes = map_bytes,
                               .reserve_bytes = bytes_of_mib(site.ledger.reserve_mib),
                               .boot = boot,
                               .software = std::string{software},
                               .gate = site.site.gate,
                               .device = device->public_key(),
                               .on_migration = tell_migration},
                              clock, ledger_damage);
    if (!ledger) return std::unexpected{std::move(ledger.error())};
    auto catalog = open_lists(site, map_bytes, catalog_damage);
    if (!catalog) return std::unexpected{std::move(catalog.error())};
    return Stores{std::move(*lock),         *secret,
                  std::move(*device),       std::move(*ledger),
                  std::move(*catalog),      std::move(ledger_damage),
                  std::move(catalog_damage)};
}

}  // namespace stile
