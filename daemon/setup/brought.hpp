// SPDX-License-Identifier: Apache-2.0
// The files that an installer brings, checked one by one, before anything is written.
#pragma once

#include <filesystem>
#include <string>

#include "crypto/base/result.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/locked_bytes.hpp"

namespace stile {

// A key file like keys.toml. Errors: Config with file, line and key; NotFound, Denied.
[[nodiscard]] Result<void> check_keys(const std::filesystem::path& file);

// Certificates in PEM. Errors: Invalid, NotFound, Denied.
[[nodiscard]] Result<void> check_ca(const std::filesystem::path& file);

// The first line of a file that nobody else may read. Errors: Invalid, Denied, NotFound, Io.
[[nodiscard]] Result<crypto::LockedBytes> read_password(const std::filesystem::path& file);

// The key file's text with the keys of `young` behind it, or as it is where all of them are there.
// `file` need not exist. Errors: Config (either is wrong), Invalid (only some of them are there).
[[nodiscard]] Result<std::string> with_keys(const std::filesystem::path& file, std::string text,
                                            const std::filesystem::path& young);

}  // namespace stile
