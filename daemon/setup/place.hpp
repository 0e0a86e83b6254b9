// SPDX-License-Identifier: Apache-2.0
// Where a gate's files lie on this machine's disk: on its own, or below the root of an image.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "crypto/base/result.hpp"
#include "daemon/config/site.hpp"
#include "daemon/runtime/other_rights.hpp"

namespace stile {

struct GateRoot {
    std::filesystem::path root;  // empty: this machine's own
    std::filesystem::path site = "/etc/stile/stile.toml";

    // A path that the gate will know as `path`; a relative one begins at the site file's folder.
    [[nodiscard]] std::filesystem::path on_disk(const std::filesystem::path& path) const;
    [[nodiscard]] std::filesystem::path site_on_disk() const { return on_disk(site); }
};

[[nodiscard]] bool is_there(const std::filesystem::path& path);

// Whom the files of the daemon belong to. Nothing: to whoever runs this, since it is not root, or
// the image has no users yet. Errors: NotFound (no user stile: the package is not installed).
[[nodiscard]] Result<std::optional<Owner>> owner_for(const GateRoot& place);

// The site file that is there, with its paths as the gate knows them. Errors: NotFound, Config.
[[nodiscard]] Result<config::Site> load_site_at(const GateRoot& place);

}  // namespace stile
