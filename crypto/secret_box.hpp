// SPDX-License-Identifier: Apache-2.0
// A secret sealed with a pass phrase: Argon2id makes the key, XSalsa20-Poly1305 seals.
#pragma once

#include <array>
#include <cstdint>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "crypto/locked_bytes.hpp"

namespace stile::crypto {

// What one guess of the pass phrase costs.
struct PassphraseCost {
    std::uint32_t passes = 3;
    std::uint32_t memory_kib = 256 * 1024;
};
// More than this is refused when a box is opened, so that a planted file cannot eat the machine.
inline constexpr PassphraseCost kDearestCost{.passes = 16, .memory_kib = 1024 * 1024};

struct SecretBox {
    PassphraseCost cost;
    std::array<std::uint8_t, 16> salt{};
    std::array<std::uint8_t, 24> nonce{};
    Buffer sealed;  // 16 bytes longer than the secret
};

// Blocks for about a second at the default cost. Errors: Full (not enough memory for the cost).
[[nodiscard]] Result<SecretBox> seal_secret(Bytes secret, Bytes passphrase,
                                            PassphraseCost cost = {});

// Errors: Denied (the pass phrase is wrong, or the box was changed), Invalid (a cost out of range,
// or too short), Full.
[[nodiscard]] Result<LockedBytes> open_secret(const SecretBox& box, Bytes passphrase);

}  // namespace stile::crypto
