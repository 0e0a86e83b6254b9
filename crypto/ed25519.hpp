// SPDX-License-Identifier: Apache-2.0
// Ed25519 signatures, checked strictly, with the library that computes them hidden.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "crypto/base/bytes.hpp"

namespace stile::crypto {

using Ed25519Key = std::span<const std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;
using SignatureView = std::span<const std::uint8_t, 64>;

// Whether these bytes may stand for a key: the one encoding of a point on the curve that is not of
// small order. A small-order key would accept one signature for every message.
[[nodiscard]] bool is_ed25519_key(Ed25519Key key);

// RFC 8032, with 0 <= S < L; a small-order key or R is refused. Reentrant, allocates nothing.
[[nodiscard]] bool ed25519_verify(Ed25519Key key, Bytes message, SignatureView signature);

}  // namespace stile::crypto
