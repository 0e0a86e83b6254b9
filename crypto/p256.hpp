// SPDX-License-Identifier: Apache-2.0
// ECDSA over P-256 with SHA-256: the signatures that a phone's key store can make.
#pragma once

#include <cstdint>
#include <span>

#include "crypto/base/bytes.hpp"
#include "crypto/ed25519.hpp"

namespace stile::crypto {

// 02 or 03, then X.
using P256Key = std::span<const std::uint8_t, 33>;

enum class P256Check : std::uint8_t { Good, BadKey, BadSignature };

// Whether these bytes are a point on the curve.
[[nodiscard]] bool is_p256_key(P256Key key);

// The signature is r || s, 32 bytes each, 0 < r, s < n. A high s is accepted: phones do not
// normalise it, and nothing here is named by a signature. Reentrant.
[[nodiscard]] P256Check p256_verify(P256Key key, Bytes message, SignatureView signature);

}  // namespace stile::crypto
