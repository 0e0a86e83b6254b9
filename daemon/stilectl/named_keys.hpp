// SPDX-License-Identifier: Apache-2.0
// The keys that `ticket inspect` is given, and what their owner calls them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "crypto/key_ring.hpp"

namespace stile {

struct NamedKeys {
    crypto::KeyRing ring;
    std::map<crypto::KeyId, std::string> names;
};

// A JSON object: names to public keys. In place of a key there may be an object that gives the rest
// of its record, or a list of keys; the name "totp_master" stands for the secret of wallet codes
// (`stilectl ticket inspect --help`). Errors: Config, naming the entry.
[[nodiscard]] Result<NamedKeys> parse_named_keys(std::string_view json);

// From a file; one that ends in ".toml" is the key file of a gate, whose keys are named
// ISSUER/KEY-ID. Errors: Config, Io, NotFound, Denied.
[[nodiscard]] Result<NamedKeys> load_named_keys(const std::filesystem::path& file);

}  // namespace stile
