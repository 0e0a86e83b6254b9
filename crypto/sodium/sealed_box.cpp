// SPDX-License-Identifier: Apache-2.0
// X25519, XSalsa20 and Poly1305 by libsodium.
#include "crypto/sealed_box.hpp"

#include <algorithm>

#include <sodium.h>

#include "crypto/sodium/init.hpp"

namespace stile::crypto {

static_assert(kSealBytes == crypto_box_SEALBYTES);

bool is_box_key(const BoxPublicKey& key) {
    need_sodium();
    // Below 2^255 - 19, little-endian.
    BoxPublicKey prime{};
    prime.fill(0xFF);
    prime.front() = 0xED;
    prime.back() = 0x7F;
    if (sodium_compare(key.data(), prime.data(), key.size()) >= 0) return false;
    BoxPublicKey any{};
    any.fill(1);
    BoxPublicKey product{};
    return crypto_scalarmult(product.data(), any.data(), key.data()) == 0;
}

Buffer seal(Bytes plain, const BoxPublicKey& to) {
    need_sodium();
    Buffer sealed(plain.size() + crypto_box_SEALBYTES);
    crypto_box_seal(sealed.data(), plain.data(), plain.size(), to.data());
    return sealed;
}

BoxKey::BoxKey(Bytes secret) : secret_{crypto_box_SECRETKEYBYTES} {
    need_sodium();
    std::ranges::copy(secret.first(std::min(secret.size(), secret_.span().size())),
                      secret_.span().begin());
    crypto_scalarmult_base(public_key_.data(), secret_.bytes().data());
}

Result<Buffer> BoxKey::open(Bytes sealed) const {
    Buffer plain(sealed.size() < crypto_box_SEALBYTES ? 0 : sealed.size() - crypto_box_SEALBYTES);
    const bool ours = sealed.size() >= crypto_box_SEALBYTES &&
                      crypto_box_seal_open(plain.data(), sealed.data(), sealed.size(),
                                           public_key_.data(), secret_.bytes().data()) == 0;
    if (!ours) return fail(Errc::Denied, "a sealed record cannot be opened with this key");
    return plain;
}

}  // namespace stile::crypto
