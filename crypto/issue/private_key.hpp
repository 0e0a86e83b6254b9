// SPDX-License-Identifier: Apache-2.0
// The private key file of an issuer: what the key may sign, and the key itself, sealed or not.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/locked_bytes.hpp"
#include "crypto/signing_key.hpp"

namespace stile::crypto {

struct IssuerKey {
    KeyRecord record;
    SigningKey key;
};

// The text of the file (crypto/FORMAT.md). With a pass phrase the key is sealed, which takes about
// a second; without one it stands there in clear. Errors: Full.
[[nodiscard]] Result<std::string> private_key_text(const IssuerKey& key,
                                                   const LockedBytes* passphrase);

using AskPassphrase = std::function<Result<LockedBytes>()>;

// Asks for the pass phrase only if the key is sealed. Errors: Invalid (no such file, names the
// line), Corrupt (the key is not the one the file speaks of), Denied (wrong pass phrase).
[[nodiscard]] Result<IssuerKey> parse_private_key(std::string_view text, const AskPassphrase& ask);

// Reads the file; refuses one that others may read. Errors as above, and NotFound, Denied, Io.
[[nodiscard]] Result<IssuerKey> read_private_key(const std::filesystem::path& path,
                                                 const AskPassphrase& ask);

// What the key may sign, without opening the key; the file must be as private as for the key
// itself. The record is as the file says it: only the private key could prove it. Errors: as above,
// but for the pass phrase.
[[nodiscard]] Result<KeyRecord> read_key_record(const std::filesystem::path& path);

}  // namespace stile::crypto
