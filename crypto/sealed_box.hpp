// SPDX-License-Identifier: Apache-2.0
// Bytes that only the holder of one X25519 key can read: libsodium's sealed boxes.
#pragma once

#include <array>
#include <cstdint>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "crypto/locked_bytes.hpp"

namespace stile::crypto {

using BoxPublicKey = std::array<std::uint8_t, 32>;
inline constexpr std::size_t kSealBytes = 48;  // a sealed text is longer by these

// Whether these bytes are the one spelling of a key that is not of small order: to such a one
// nothing could be sealed.
[[nodiscard]] bool is_box_key(const BoxPublicKey& key);

// Thread-safe. Each call gives other bytes.
[[nodiscard]] Buffer seal(Bytes plain, const BoxPublicKey& to);

// The private half; moved, never copied.
class BoxKey {
public:
    // From 32 random bytes, which are the private key.
    explicit BoxKey(Bytes secret);
    [[nodiscard]] const BoxPublicKey& public_key() const { return public_key_; }
    // Errors: Denied (sealed to another key, or changed).
    [[nodiscard]] Result<Buffer> open(Bytes sealed) const;

private:
    LockedBytes secret_;
    BoxPublicKey public_key_{};
};

}  // namespace stile::crypto
