// SPDX-License-Identifier: Apache-2.0
// AES-128 as cards use it: CBC and CMAC, and a comparison that takes the same time for all bytes.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>

#include "crypto/base/bytes.hpp"

namespace stile::crypto {

using AesBlock = std::array<std::uint8_t, 16>;
using AesKey = std::span<const std::uint8_t, 16>;

// In place, without padding: the length is a multiple of 16, else false. The iv becomes the last
// block of ciphertext, for whoever chains. False also if libcrypto fails; the bytes are then
// rubbish. Reentrant.
[[nodiscard]] bool aes_cbc_encrypt(AesKey key, AesBlock& iv, std::span<std::uint8_t> bytes);
[[nodiscard]] bool aes_cbc_decrypt(AesKey key, AesBlock& iv, std::span<std::uint8_t> bytes);

// RFC 4493 over the parts, one behind the other. Nothing if libcrypto fails. Reentrant.
[[nodiscard]] std::optional<AesBlock> aes_cmac(AesKey key, std::initializer_list<Bytes> parts);

// False at once for other lengths; otherwise it takes the same time for all bytes.
[[nodiscard]] bool same_bytes(Bytes one, Bytes other);

}  // namespace stile::crypto
