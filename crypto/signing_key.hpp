// SPDX-License-Identifier: Apache-2.0
// An Ed25519 private key in locked memory. No gate holds an issuer's: only the organiser's side
// does.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "crypto/base/bytes.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/locked_bytes.hpp"

namespace stile::crypto {

class SigningKey {
public:
    [[nodiscard]] static SigningKey generate();
    [[nodiscard]] static SigningKey from_seed(std::span<const std::uint8_t, 32> seed);

    [[nodiscard]] const PublicKey& public_key() const { return public_key_; }
    [[nodiscard]] Signature sign(Bytes message) const;
    // The 32 bytes from which the key comes back; for sealing it, nothing else.
    [[nodiscard]] Bytes seed() const { return secret_.bytes().first(32); }

private:
    SigningKey();
    LockedBytes secret_;  // seed || public key
    PublicKey public_key_{};
};

}  // namespace stile::crypto
