// SPDX-License-Identifier: Apache-2.0
// One CMAC.
#include "crypto/cards/key_diversification.hpp"

#include <algorithm>
#include <array>

namespace stile::crypto {

std::optional<LockedBytes> diversified_key(AesKey master, Bytes uid, Bytes context) {
    constexpr std::array<std::uint8_t, 1> kAes128{0x01};
    const std::size_t size = uid.size() + context.size();
    if (size < kLeastDiversifier || size > kMostDiversifier) return std::nullopt;
    std::optional<AesBlock> mac = aes_cmac(master, {kAes128, uid, context});
    if (!mac) return std::nullopt;
    LockedBytes key{mac->size()};
    std::ranges::copy(*mac, key.span().begin());
    wipe(*mac);
    return key;
}

}  // namespace stile::crypto
