// SPDX-License-Identifier: Apache-2.0
// Tells a contactless card from one with contacts by the answer to reset that its reader makes up.
#pragma once

#include "crypto/base/bytes.hpp"

namespace stile::devices {

// PC/SC part 3: 3B 8n 80 01, n historical bytes, and a checksum that fits.
[[nodiscard]] inline bool is_contactless(Bytes atr) {
    if (atr.size() < 5 || atr[0] != 0x3B || (atr[1] & 0xF0U) != 0x80 || atr[2] != 0x80 ||
        atr[3] != 0x01 || atr.size() != 5U + (atr[1] & 0x0FU))
        return false;
    std::uint8_t sum = 0;
    for (const std::uint8_t byte : atr.subspan(1))
        sum ^= byte;
    return sum == 0;
}

}  // namespace stile::devices
