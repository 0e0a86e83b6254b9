// SPDX-License-Identifier: Apache-2.0
// Ed25519 signing by libsodium.
#include "crypto/signing_key.hpp"

#include <sodium.h>

namespace stile::crypto {

SigningKey::SigningKey() : secret_{crypto_sign_SECRETKEYBYTES} {}

SigningKey SigningKey::generate() {
    SigningKey key;
    crypto_sign_keypair(key.public_key_.data(), key.secret_.span().data());
    return key;
}

SigningKey SigningKey::from_seed(std::span<const std::uint8_t, 32> seed) {
    SigningKey key;
    crypto_sign_seed_keypair(key.public_key_.data(), key.secret_.span().data(), seed.data());
    return key;
}

Signature SigningKey::sign(Bytes message) const {
    Signature out{};
    crypto_sign_detached(out.data(), nullptr, message.data(), message.size(),
                         secret_.bytes().data());
    return out;
}

}  // namespace stile::crypto
