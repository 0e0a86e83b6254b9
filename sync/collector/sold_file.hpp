// SPDX-License-Identifier: Apache-2.0
// A list of tickets that were sold, ticket by ticket, whatever kind of file it is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "crypto/base/result.hpp"
#include "sync/collector/store.hpp"
#include "sync/collector/ticket_finder.hpp"

namespace stile::sync {

class SoldFile {
public:
    // Borrows the finder. Errors: NotFound, Io, Invalid (headings).
    [[nodiscard]] static Result<std::unique_ptr<SoldFile>> open(const std::filesystem::path& file,
                                                                TicketFinder& finder);
    SoldFile() = default;
    SoldFile(const SoldFile&) = delete;
    SoldFile& operator=(const SoldFile&) = delete;
    virtual ~SoldFile() = default;

    // The next ticket, nothing at the end. Errors: Invalid, with the line; Io, Config.
    [[nodiscard]] virtual Result<std::optional<SoldTicket>> next() = 0;
    [[nodiscard]] virtual std::uint64_t lines() const = 0;        // that were read
    [[nodiscard]] virtual std::uint64_t passed_over() const = 0;  // that are no sale
};

}  // namespace stile::sync
