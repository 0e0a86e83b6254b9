// SPDX-License-Identifier: Apache-2.0
// The loaders of the daemon, one after the other.
#include "daemon/setup/site_check.hpp"

#include "crypto/zone/zone.hpp"
#include "daemon/config/key_file.hpp"
#include "daemon/policy/policy_document.hpp"

namespace stile {

Result<void> check_policy(const config::Site& site, const std::filesystem::path& policy) {
    PolicyPlace place{.venue = site.site.venue, .gate = site.site.gate, .lanes = {}};
    for (const config::Lane& lane : site.lanes) {
        if (lane.direction != "exit") place.lanes.push_back({lane.name, Direction::Entry});
        if (lane.direction != "entry") place.lanes.push_back({lane.name, Direction::Exit});
    }
    if (const auto read = load_policy(policy, place); !read) return std::unexpected{read.error()};
    return {};
}

Result<void> check_site(const FilesToCheck& files) {
    const auto site = config::load_site(files.site);
    if (!site) return std::unexpected{site.error()};
    if (const auto keys = config::load_keys(files.keys); !keys)
        return std::unexpected{keys.error()};
    if (const auto zone = crypto::zone_table(site->site.time_zone); !zone)
        return fail("site.time_zone", zone.error());
    return files.policy.empty() ? Result<void>{} : check_policy(*site, files.policy);
}

}  // namespace stile
