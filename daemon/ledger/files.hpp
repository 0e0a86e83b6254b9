// SPDX-License-Identifier: Apache-2.0
// Files that are on the disk when a function returns; for backups only.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "crypto/hash.hpp"

namespace stile::files {

// errno as an error: Full, Denied, NotFound or Io.
[[nodiscard]] std::unexpected<Error> error_of(const std::filesystem::path& path);

// A new file of mode 0600, durable.
[[nodiscard]] Result<void> write(const std::filesystem::path& file, std::string_view text);
// At most 64 KiB.
[[nodiscard]] Result<std::string> read(const std::filesystem::path& file);
// Waits until the file or folder is durable.
[[nodiscard]] Result<void> sync(const std::filesystem::path& path);
// A durable copy.
[[nodiscard]] Result<void> copy(const std::filesystem::path& from, const std::filesystem::path& to);

struct FileDigest {
    std::uint64_t bytes = 0;
    crypto::Digest sha256{};
};
[[nodiscard]] Result<FileDigest> sha256_of(const std::filesystem::path& file);

}  // namespace stile::files
