// SPDX-License-Identifier: Apache-2.0
// Ed25519 by libsodium: it ranges S, and refuses small-order and non-canonical keys by itself.
#include "crypto/ed25519.hpp"

#include <sodium.h>

#include "crypto/sodium/init.hpp"

namespace stile::crypto {

bool is_ed25519_key(Ed25519Key key) {
    return crypto_core_ed25519_is_valid_point(key.data()) == 1;
}

bool ed25519_verify(Ed25519Key key, Bytes message, SignatureView signature) {
    need_sodium();
    return crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                       key.data()) == 0;
}

}  // namespace stile::crypto
