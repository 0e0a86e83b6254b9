// SPDX-License-Identifier: Apache-2.0
// Reads a catalog text: the platform's answers for one import, in one file (CATALOG.md).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>

#include "crypto/base/result.hpp"
#include "daemon/catalog/orders/update.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

struct CatalogText {
    int fd = -1;                  // a regular file or a memfd; borrowed
    std::uint64_t size = 0;       // of the whole text: a shorter file is an error
    std::chrono::sys_seconds at;  // now
    std::size_t batch_bytes = 8U << 20U;
};

// Called after every 64 KiB of text or so; cheap, please.
using ImportSteps = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Blocks: some seconds for 100,000 orders. Thread-bound: catalog thread. After an error the orders
// in use are those from before; of a difference, the batches that were complete stay. Errors:
// Invalid (the text, with the part and the row), Closed (stopped), Full, Corrupt, Io.
[[nodiscard]] Result<UpdateSummary> import_catalog(lmdb::Environment& catalog,
                                                   const CatalogText& text,
                                                   const ImportSteps& progress,
                                                   const std::stop_token& stop);

// Compact JSON for answers: the counts and the first few warnings.
[[nodiscard]] std::string summary_json(const UpdateSummary& summary);

}  // namespace stile
