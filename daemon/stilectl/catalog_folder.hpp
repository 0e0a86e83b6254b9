// SPDX-License-Identifier: Apache-2.0
// A folder of the platform's answers as one catalog text (daemon/catalog/CATALOG.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/catalog/orders/update.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile {

struct CatalogFiles {
    std::vector<std::filesystem::path> paths;  // folders of events, folders of these, or files
    UpdateKind kind = UpdateKind::Full;
    std::map<std::string, std::uint32_t> numbers;  // of events, where the policy gives them
};

struct PackedCatalog {
    UniqueFd file;  // unlinked
    std::uint64_t size = 0;
};

// A file's name begins with what it holds (orders.json, orders-2.json, checkinlists.json, ...); its
// folder's name is the event's. Errors: Invalid (a file whose name says nothing), NotFound, Full,
// Io.
[[nodiscard]] Result<PackedCatalog> pack_catalog(const CatalogFiles& files);

}  // namespace stile
