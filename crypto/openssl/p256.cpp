// SPDX-License-Identifier: Apache-2.0
// ECDSA over P-256 with SHA-256: the hash by libcrypto, the rest by ecdsa.
#include "crypto/p256.hpp"

#include <array>

#include <openssl/evp.h>

#include "crypto/ecdsa.hpp"

namespace stile::crypto {

bool is_p256_key(P256Key key) {
    return is_ec_key(EcCurve::P256, key);
}

P256Check p256_verify(P256Key key, Bytes message, SignatureView signature) {
    std::array<std::uint8_t, 32> digest{};
    unsigned size = 0;
    const bool hashed = EVP_Digest(message.data(), message.size(), digest.data(), &size,
                                   EVP_sha256(), nullptr) == 1;
    const EcdsaCheck check = ecdsa_verify(EcCurve::P256, key, digest, signature);
    if (check == EcdsaCheck::BadKey) return P256Check::BadKey;
    return hashed && check == EcdsaCheck::Good ? P256Check::Good : P256Check::BadSignature;
}

}  // namespace stile::crypto
