// SPDX-License-Identifier: Apache-2.0
// Reads a policy document (daemon/POLICY.md).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/config/document.hpp"
#include "daemon/core/policy/access_policy.hpp"

namespace stile {

// The gate that a policy is read for.
struct PolicyPlace {
    struct Lane {
        std::string name;
        Direction direction = Direction::Entry;
    };
    std::string venue;  // empty: no gate in particular; the policy keeps the lanes of all
    std::string gate;
    std::vector<Lane> lanes;  // of the site file
};

struct PolicyReading {
    AccessPolicy policy;                    // good when there are no mistakes
    std::vector<config::Mistake> mistakes;  // everything that is wrong, by line
    std::vector<config::Mistake> warnings;  // what is allowed, and hardly meant; by line
};

// Reads time zones from the system's data base.
[[nodiscard]] PolicyReading read_policy(const std::string& text, const PolicyPlace& place);

// Errors: Config with file, line and key of the first mistake ("policy.toml:12: area.parent: ...");
// NotFound, Denied, Io.
[[nodiscard]] Result<AccessPolicy> load_policy(const std::filesystem::path& file,
                                               const PolicyPlace& place);

}  // namespace stile
