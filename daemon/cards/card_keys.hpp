// SPDX-License-Identifier: Apache-2.0
// The files with the keys that cards and this gate share (CARDS.md).
#pragma once

#include <string_view>
#include <vector>

#include "crypto/base/result.hpp"
#include "crypto/cards/ev2.hpp"
#include "crypto/cards/mf0aes.hpp"

namespace stile {

struct CardKeys {
    std::vector<crypto::Ev2Keys> ev2;        // one a fleet of cards
    std::vector<crypto::Mf0aesKeys> mf0aes;  // one a key set of the platform
};

// Each reads a file with sections of its kind. `name` is a path with a slash, or else a systemd
// credential; empty: no keys. `key` is the key of the site file that names it, for messages. A key
// is never copied out of locked memory. Errors: Config (missing, readable by others, or not such
// a file; with its line).
[[nodiscard]] Result<std::vector<crypto::Ev2Keys>> load_ev2_keys(std::string_view name,
                                                                 std::string_view key);
[[nodiscard]] Result<std::vector<crypto::Mf0aesKeys>> load_mf0aes_keys(std::string_view name,
                                                                       std::string_view key);

}  // namespace stile
