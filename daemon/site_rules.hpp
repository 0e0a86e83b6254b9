// SPDX-License-Identifier: Apache-2.0
// The site file and all that it names, read and checked as a whole: at the start, for
// --check-config, and when a gate that runs is told to read them anew.
#pragma once

#include <filesystem>
#include <optional>

#include "crypto/base/result.hpp"
#include "crypto/hash.hpp"
#include "crypto/key_ring.hpp"
#include "daemon/cards/card_keys.hpp"
#include "daemon/config/site.hpp"
#include "daemon/core/policy/access_policy.hpp"
#include "daemon/core/zone.hpp"

namespace stile {

struct Rules {
    std::filesystem::path file;  // the site file
    config::Site site;
    crypto::KeyRing keys;
    std::optional<AccessPolicy> policy;  // nothing: the site names none
    crypto::Digest policy_text{};        // SHA-256
    CardKeys cards;
    Zone zone;
};

// Reentrant; blocks for the disk. Errors: Config with file, line and key; NotFound, Denied, Io.
[[nodiscard]] Result<Rules> read_rules(const std::filesystem::path& site_file);

// The same of a site whose file was read already; `site_file` is only its name.
[[nodiscard]] Result<Rules> read_rules(const std::filesystem::path& site_file, config::Site site);

// The venue's policy as it is for the gate of this site file.
[[nodiscard]] Result<std::optional<AccessPolicy>> load_venue_policy(const config::Site& site);

}  // namespace stile
