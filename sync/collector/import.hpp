// SPDX-License-Identifier: Apache-2.0
// Brings lists of tickets that were sold or revoked into the store.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "crypto/base/result.hpp"
#include "sync/collector/store.hpp"
#include "sync/collector/ticket_finder.hpp"

namespace stile::sync {

struct ImportTotals {
    std::uint64_t tickets = 0;
    std::uint64_t passed_over = 0;  // lines that are no ticket of this list
    friend bool operator==(const ImportTotals&, const ImportTotals&) = default;
};

// Called now and then, with the lines that have been read.
using ImportProgress = std::function<void(std::uint64_t lines)>;

// A CSV file with headings (sync/collector/IMPORT.md), or an issue log of stile-issue. The whole
// file is read before the first ticket is stored; memory is bounded. Errors: Invalid (with the
// line; nothing was stored), NotFound, Config, those of the store.
[[nodiscard]] Result<ImportTotals> import_sold(EntryStore& store, TicketFinder& finder,
                                               const std::filesystem::path& file,
                                               const ImportProgress& progress);

// A revocation list as stilectl imports it: takes the place of the one before, as a whole. Lines
// about older copies of a ticket are passed over, since the ticket is still good. Errors: as above.
[[nodiscard]] Result<ImportTotals> import_revoked(EntryStore& store, TicketFinder& finder,
                                                  const std::filesystem::path& file,
                                                  const ImportProgress& progress);

}  // namespace stile::sync
