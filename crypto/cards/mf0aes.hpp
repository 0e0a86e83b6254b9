// SPDX-License-Identifier: Apache-2.0
// MIFARE Ultralight AES as pretix encodes it: a chip that proves its number (medium nfc_mf0aes).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "crypto/cards/dialogue.hpp"
#include "crypto/locked_bytes.hpp"

namespace stile::crypto {

// One key set of the platform.
struct Mf0aesKeys {
    std::uint32_t id = 0;  // its public id; not 0
    LockedBytes uid_key{16};
    LockedBytes diversification_key{16};
};

// What is wrong with them, for people; empty if nothing is.
[[nodiscard]] std::string_view fault_of(const Mf0aesKeys& keys);

using Mf0aesRandom = std::array<std::uint8_t, 32>;  // 16 for each of two authentications

// Borrows the key sets, which must outlive the dialogue and be without fault; `random` is fresh.
// Each of a chip's two keys is tried once: a chip destroys itself after 256 wrong ones.
[[nodiscard]] std::unique_ptr<CardDialogue> make_mf0aes(std::span<const Mf0aesKeys> sets,
                                                        const Mf0aesRandom& random);

}  // namespace stile::crypto
