// SPDX-License-Identifier: Apache-2.0
// Everything that the daemon reads from the disk before the first scan.
#pragma once

#include <filesystem>
#include <string_view>

#include "crypto/base/result.hpp"
#include "crypto/hash.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/sealed_box.hpp"
#include "daemon/config/site.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/lmdb/environment.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {

struct Stores {
    UniqueFd lock;  // nobody else works on this state folder while it is held
    crypto::KeyRing keys;
    crypto::EventSecret secret{};
    crypto::BoxKey device;
    Ledger ledger;
    lmdb::Environment catalog;
};

[[nodiscard]] std::filesystem::path catalog_folder(const config::Site& site);

// Makes the folders of the site that are missing. Forks to check databases: call before threads
// start. Errors: Config (keys, secret), Denied, Corrupt, Full, Io.
[[nodiscard]] Result<Stores> open_stores(const config::Site& site, std::uint64_t boot,
                                         std::string_view software, Clock& clock);

}  // namespace stile
