// SPDX-License-Identifier: Apache-2.0
// Argon2id and XSalsa20-Poly1305 by libsodium.
#include "crypto/secret_box.hpp"

#include <sodium.h>

#include "crypto/hash.hpp"

namespace stile::crypto {
namespace {

Result<LockedBytes> derive(const SecretBox& box, Bytes passphrase) {
    LockedBytes key{crypto_secretbox_KEYBYTES};
    const auto* words = reinterpret_cast<const char*>(passphrase.data());
    const std::size_t memory = std::size_t{box.cost.memory_kib} * 1024;
    if (crypto_pwhash(key.span().data(), key.span().size(), words, passphrase.size(),
                      box.salt.data(), box.cost.passes, memory,
                      crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return fail(Errc::Full, "not enough memory to work on the pass phrase");
    }
    return key;
}

bool affordable(const PassphraseCost& cost) {
    return cost.passes >= 1 && cost.passes <= kDearestCost.passes && cost.memory_kib >= 8 &&
           cost.memory_kib <= kDearestCost.memory_kib;
}

}  // namespace

Result<SecretBox> seal_secret(Bytes secret, Bytes passphrase, PassphraseCost cost) {
    SecretBox box{.cost = cost, .sealed = Buffer(secret.size() + crypto_secretbox_MACBYTES)};
    fill_random(box.salt);
    fill_random(box.nonce);
    const auto key = derive(box, passphrase);
    if (!key) return std::unexpected{key.error()};
    crypto_secretbox_easy(box.sealed.data(), secret.data(), secret.size(), box.nonce.data(),
                          key->bytes().data());
    return box;
}

Result<LockedBytes> open_secret(const SecretBox& box, Bytes passphrase) {
    if (!affordable(box.cost))
        return fail(Errc::Invalid, "the cost of the pass phrase is out of range");
    if (box.sealed.size() < crypto_secretbox_MACBYTES)
        return fail(Errc::Invalid, "the box is too short");
    const auto key = derive(box, passphrase);
    if (!key) return std::unexpected{key.error()};
    LockedBytes secret{box.sealed.size() - crypto_secretbox_MACBYTES};
    if (crypto_secretbox_open_easy(secret.span().data(), box.sealed.data(), box.sealed.size(),
                                   box.nonce.data(), key->bytes().data()) != 0) {
        return fail(Errc::Denied, "wrong pass phrase");
    }
    return secret;
}

}  // namespace stile::crypto
