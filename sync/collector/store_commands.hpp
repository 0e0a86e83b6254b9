// SPDX-License-Identifier: Apache-2.0
// What the commands on a store do; their command line is elsewhere.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "crypto/base/result.hpp"
#include "crypto/signing_key.hpp"
#include "sync/collector/config.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {

enum class Print : std::uint8_t { Text, Json };

// Each prints, and hands back the exit code: 0 done, 1 refused or not found. Errors: for the
// caller to print; Config ends with 78, Closed and Timeout with 3.
using Command = Result<int>;

// Makes the key that signs receipts, and FILE.pub beside it.
[[nodiscard]] Command run_keygen(const CollectorConfig& config);
[[nodiscard]] Command run_ticket(const CollectorConfig& config, const std::string& typed,
                                 Print print);
[[nodiscard]] Command run_receipt(const CollectorConfig& config, const std::string& typed);
// With the public key in a file.
[[nodiscard]] Command run_verify(const std::string& key_file, const std::filesystem::path& file,
                                 Print print);

enum class ListOf : std::uint8_t { Sold, Revoked };
[[nodiscard]] Command run_import(const CollectorConfig& config, ListOf list,
                                 const std::filesystem::path& file);
// Gaps, and tickets that entered twice.
[[nodiscard]] Command run_check(const CollectorConfig& config, Print print);

// For the running program's own answers too. Errors: Config (no key: make one with keygen).
[[nodiscard]] Result<crypto::SigningKey> read_receipt_key(const CollectorConfig& config);
// The text of a receipt. Errors: the store's.
[[nodiscard]] Result<std::string> make_receipt(EntryStore& store, const CollectorConfig& config,
                                               const crypto::SigningKey& key,
                                               const crypto::TicketId& ticket, WallTime now);

}  // namespace stile::sync
