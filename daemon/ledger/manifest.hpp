// SPDX-License-Identifier: Apache-2.0
// What a backup says about itself, so that damage is known before it is needed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "crypto/base/result.hpp"
#include "daemon/ledger/head.hpp"

namespace stile {

// The file manifest.json beside the copied data.mdb (daemon/LEDGER.md).
struct Manifest {
    WallTime time;
    std::string gate;
    std::string software;
    Watermark end;     // the newest entry in it
    std::string head;  // its chain value, hexadecimal
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    std::string sha256;  // of data.mdb, hexadecimal
    friend bool operator==(const Manifest&, const Manifest&) = default;
};

[[nodiscard]] std::string manifest_json(const Manifest& manifest);
// Errors: Corrupt (not the manifest of a backup), Unsupported (of a later version).
[[nodiscard]] Result<Manifest> parse_manifest(std::string_view json);

struct BackupMade {
    std::filesystem::path folder;
    Manifest manifest;
};
// The manifest and `folder`, for whoever asked for the backup.
[[nodiscard]] std::string backup_json(const BackupMade& made);
// Errors: as parse_manifest().
[[nodiscard]] Result<BackupMade> parse_backup(std::string_view json);

}  // namespace stile
