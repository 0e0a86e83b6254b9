// SPDX-License-Identifier: Apache-2.0
// AES-128 as smart cards use it.
#pragma once

#include "crypto/base/bytes.hpp"

namespace stile::emulator {

// 16 bytes of key; the data are whole blocks, the initial vector is zero.
[[nodiscard]] Buffer aes_encrypt(Bytes key, Bytes data);
[[nodiscard]] Buffer aes_decrypt(Bytes key, Bytes data);
// 16 bytes.
[[nodiscard]] Buffer aes_cmac(Bytes key, Bytes data);

}  // namespace stile::emulator
