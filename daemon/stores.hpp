// SPDX-License-Identifier: Apache-2.0
// The state folder: what the daemon keeps on the disk, opened before the first scan.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "crypto/hash.hpp"
#include "crypto/sealed_box.hpp"
#include "daemon/config/site.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/lmdb/environment.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {

struct Stores {
    UniqueFd lock;  // nobody else works on this state folder while it is held
    crypto::EventSecret secret{};
    crypto::BoxKey device;
    Ledger ledger;
    lmdb::Environment catalog;
    // Of the ledger and of the catalog on the disk: what is wrong; empty: nothing. `ledger` is then
    // the last good backup, or an empty one, and takes no writes, so that every scan is refused;
    // `catalog` is an empty one that must not be believed. Nothing on the disk was changed.
    std::string ledger_damage;
    std::string catalog_damage;
};

[[nodiscard]] std::filesystem::path catalog_folder(const config::Site& site);

// Makes the folders of the site that are missing. Forks to check databases: call before threads
// start. A damaged database is no error: the gate says so and refuses, and somebody can look.
// Errors: Config (the secret), Denied, Unsupported, Full, Io.
[[nodiscard]] Result<Stores> open_stores(const config::Site& site, std::uint64_t boot,
                                         std::string_view software, Clock& clock);

}  // namespace stile
