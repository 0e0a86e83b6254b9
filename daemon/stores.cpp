// SPDX-License-Identifier: Apache-2.0
// Keys, secret, ledger, catalog.
#include "daemon/stores.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>

#include "daemon/catalog/catalog.hpp"
#include "daemon/config/key_file.hpp"
#include "daemon/ledger/backup.hpp"
#include "daemon/ledger/own_secret.hpp"
#include "daemon/ledger/state_lock.hpp"
#include "daemon/policy/policy_document.hpp"

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

Result<std::optional<AccessPolicy>> load_venue_policy(const config::Site& site) {
    if (site.paths.policy.empty()) return std::optional<AccessPolicy>{};
    PolicyPlace place{.venue = site.site.venue, .gate = site.site.gate, .lanes = {}};
    for (const config::Lane& lane : site.lanes) {
        if (lane.direction != "exit") place.lanes.push_back({lane.name, Direction::Entry});
        if (lane.direction != "entry") place.lanes.push_back({lane.name, Direction::Exit});
    }
    auto policy = load_policy(site.paths.policy, place);
    if (policy) return std::optional{std::move(*policy)};
    return std::unexpected{std::move(policy.error())};
}

Result<CardKeys> load_card_keys(const config::Site& site) {
    auto ev2 = load_ev2_keys(site.cards.ev2_keys, "cards.ev2_keys");
    if (!ev2) return std::unexpected{std::move(ev2.error())};
    auto mf0aes = load_mf0aes_keys(site.cards.mf0aes_keys, "cards.mf0aes_keys");
    if (!mf0aes) return std::unexpected{std::move(mf0aes.error())};
    return CardKeys{std::move(*ev2), std::move(*mf0aes)};
}

Result<Stores> open_stores(const config::Site& site, std::uint64_t boot, std::string_view software,
                           Clock& clock) {
    auto keys = config::load_keys(site.paths.keys);
    if (!keys) return std::unexpected{std::move(keys.error())};
    auto policy = load_venue_policy(site);
    if (!policy) return std::unexpected{std::move(policy.error())};
    auto card_keys = load_card_keys(site);
    if (!card_keys) return std::unexpected{std::move(card_keys.error())};
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
                               .device = device->public_key()},
                              clock, ledger_damage);
    if (!ledger) return std::unexpected{std::move(ledger.error())};
    auto catalog = open_lists(site, map_bytes, catalog_damage);
    if (!catalog) return std::unexpected{std::move(catalog.error())};
    return Stores{std::move(*lock),     std::move(*keys),         *secret,
                  std::move(*device),   std::move(*ledger),       std::move(*catalog),
                  std::move(*policy),   std::move(ledger_damage), std::move(catalog_damage),
                  std::move(*card_keys)};
}

}  // namespace stile
