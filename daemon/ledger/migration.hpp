// SPDX-License-Identifier: Apache-2.0
// A ledger of an older format becomes one of this program's: step by step, or not at all
// (daemon/LEDGER.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "crypto/base/result.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

// One row of the table. `run` changes rows in the transaction in which all steps are.
struct MigrationStep {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::string_view what;  // for the journal
    Result<void> (*run)(const lmdb::Environment& ledger, lmdb::Writer& writer) = nullptr;
};

// All steps that this program knows, in order.
[[nodiscard]] std::span<const MigrationStep> migration_steps();

// What is happening; told before each part of the work.
struct MigrationNews {
    enum class Part : std::uint8_t { Copying, Changing, Step, Done } part = Part::Copying;
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint64_t bytes = 0;      // of the ledger
    std::filesystem::path aside;  // where the old one stays
    std::string_view step;        // with Step: what it does
};
using OnMigration = std::function<void(const MigrationNews&)>;

// The format of a ledger; nothing when it is new. Errors: Corrupt, Io.
[[nodiscard]] Result<std::optional<std::uint32_t>> format_of(const lmdb::Environment& ledger);

// Whether this program can read that format as it is.
[[nodiscard]] bool is_readable(std::uint32_t format);
// Why it cannot, and what to do.
[[nodiscard]] std::unexpected<Error> unreadable(std::uint32_t format);

// Keeps a copy of the old ledger beside it, then runs all steps from its format to `to` in one
// transaction: whenever this ends, however, the folder holds the old ledger or the new one. Blocks
// for all of it. Errors: Unsupported (a later format, or one from which no step leads), Full (no
// room for the copy), Corrupt, Denied, Io; nothing was changed.
[[nodiscard]] Result<void> migrate(lmdb::Environment& ledger, const std::filesystem::path& folder,
                                   std::span<const MigrationStep> steps, std::uint32_t to,
                                   const OnMigration& news);

}  // namespace stile
