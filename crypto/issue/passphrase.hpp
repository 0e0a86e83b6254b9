// SPDX-License-Identifier: Apache-2.0
// Where the pass phrase of a private key comes from.
#pragma once

#include <filesystem>
#include <optional>

#include "crypto/base/result.hpp"
#include "crypto/locked_bytes.hpp"

namespace stile::crypto {

// A file (its first line), or the terminal.
struct PassphraseSource {
    std::optional<std::filesystem::path> file;
};

// For opening a key. Blocks while a person types. Errors: Invalid (empty or too long), Closed (no
// terminal to ask), and those of reading the file.
[[nodiscard]] Result<LockedBytes> get_passphrase(const PassphraseSource& source);

// For a new key: a person types it twice. Errors as above, and Invalid if the two differ.
[[nodiscard]] Result<LockedBytes> choose_passphrase(const PassphraseSource& source);

}  // namespace stile::crypto
