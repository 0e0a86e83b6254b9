// SPDX-License-Identifier: Apache-2.0
// What stiled --check-config would say, of files that do not have their places yet.
#pragma once

#include <filesystem>

#include "crypto/base/result.hpp"
#include "daemon/config/site.hpp"

namespace stile {

// The venue's policy as it would be for this gate. Errors: Config with file, line and key.
[[nodiscard]] Result<void> check_policy(const config::Site& site,
                                        const std::filesystem::path& policy);

struct FilesToCheck {
    std::filesystem::path site, keys;
    std::filesystem::path policy;  // empty: none
};
// Errors: those of the daemon's own check. Keys of cards are left to it, since they may be
// credentials.
[[nodiscard]] Result<void> check_site(const FilesToCheck& files);

}  // namespace stile
