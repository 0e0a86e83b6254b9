// SPDX-License-Identifier: Apache-2.0
// `stile-issue keygen`: a new issuer key and its two files.
#pragma once

#include <filesystem>

#include "crypto/base/result.hpp"
#include "crypto/issue/passphrase.hpp"
#include "crypto/key_ring.hpp"

namespace stile::crypto {

enum class Protection { Passphrase, None };
enum class Print { Text, Json };

struct KeygenOptions {
    KeyRecord record;           // all but the public key
    std::filesystem::path out;  // .key and .toml are appended
    Protection protection = Protection::Passphrase;
    PassphraseSource passphrase;
    Print print = Print::Text;
};

// Writes both files or none, never over others, and says on standard output what was made.
[[nodiscard]] Result<void> run_keygen(const KeygenOptions& options);

}  // namespace stile::crypto
