// SPDX-License-Identifier: Apache-2.0
// One file after the other; the first mistake ends it.
#include "daemon/site_rules.hpp"

#include <utility>

#include "crypto/zone/zone.hpp"
#include "daemon/config/key_file.hpp"
#include "daemon/policy/site_place.hpp"
#include "daemon/runtime/secret_file.hpp"

namespace stile {
namespace {

Result<CardKeys> load_card_keys(const config::Site& site) {
    auto ev2 = load_ev2_keys(site.cards.ev2_keys, "cards.ev2_keys");
    if (!ev2) return std::unexpected{std::move(ev2.error())};
    auto mf0aes = load_mf0aes_keys(site.cards.mf0aes_keys, "cards.mf0aes_keys");
    if (!mf0aes) return std::unexpected{std::move(mf0aes.error())};
    return CardKeys{std::move(*ev2), std::move(*mf0aes)};
}

Result<crypto::Digest> digest_of_policy(const config::Site& site) {
    if (site.paths.policy.empty()) return crypto::Digest{};
    const auto text = config::read_text(site.paths.policy);
    if (!text) return std::unexpected{text.error()};
    return crypto::sha256({as_bytes(*text)});
}

// Errors: Config (no such zone), Io (no data base of zones).
Result<Zone> zone_of(const config::Site& site) {
    auto table = crypto::zone_table(site.site.time_zone);
    if (table) return Zone{std::move(*table)};
    if (table.error().code == Errc::Invalid)
        return fail(Errc::Config, "site.time_zone: " + table.error().context);
    return std::unexpected{std::move(table.error())};
}

}  // namespace

Result<std::optional<AccessPolicy>> load_venue_policy(const config::Site& site) {
    if (site.paths.policy.empty()) return std::optional<AccessPolicy>{};
    auto policy = load_policy(site.paths.policy, policy_place_of(site));
    if (policy) return std::optional{std::move(*policy)};
    return std::unexpected{std::move(policy.error())};
}

Result<Rules> read_rules(const std::filesystem::path& site_file) {
    auto site = config::load_site(site_file);
    if (!site) return std::unexpected{std::move(site.error())};
    return read_rules(site_file, std::move(*site));
}

// The digest before the policy: a file that changes in between is read once more next time.
Result<Rules> read_rules(const std::filesystem::path& site_file, config::Site site) {
    auto keys = config::load_keys(site.paths.keys);
    if (!keys) return std::unexpected{std::move(keys.error())};
    if (!site.paths.secret.empty()) {
        if (auto secret = read_secret_file(site.paths.secret, "event secret"); !secret)
            return std::unexpected{std::move(secret.error())};
    }
    auto zone = zone_of(site);
    if (!zone) return std::unexpected{std::move(zone.error())};
    auto digest = digest_of_policy(site);
    if (!digest) return std::unexpected{std::move(digest.error())};
    auto policy = load_venue_policy(site);
    if (!policy) return std::unexpected{std::move(policy.error())};
    auto cards = load_card_keys(site);
    if (!cards) return std::unexpected{std::move(cards.error())};
    return Rules{site_file, std::move(site),   std::move(*keys), std::move(*policy),
                 *digest,   std::move(*cards), std::move(*zone)};
}

}  // namespace stile
