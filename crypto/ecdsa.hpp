// SPDX-License-Identifier: Apache-2.0
// ECDSA over a digest, on the curves of phones (P-256) and of NXP's chips.
#pragma once

#include <cstdint>

#include "crypto/base/bytes.hpp"

namespace stile::crypto {

enum class EcCurve : std::uint8_t { P256, Secp224r1, Secp128r1 };
enum class EcdsaCheck : std::uint8_t { Good, BadKey, BadSignature };

// A key is a point, compressed or not (SEC 1); whether it is on the curve.
[[nodiscard]] bool is_ec_key(EcCurve curve, Bytes key);

// The signature is r || s, as long as twice the curve's order. A digest that is shorter than the
// order is taken as the number that it spells. Reentrant.
[[nodiscard]] EcdsaCheck ecdsa_verify(EcCurve curve, Bytes key, Bytes digest, Bytes signature);

}  // namespace stile::crypto
