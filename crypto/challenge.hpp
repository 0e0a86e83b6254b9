// SPDX-License-Identifier: Apache-2.0
// What a gate asks a card or phone to sign, so that no recording can answer.
#pragma once

#include <array>
#include <cstdint>

namespace stile::crypto {

// The nonce is random, is used for one dialogue and dies with it.
struct Challenge {
    std::array<std::uint8_t, 16> nonce{};
    std::uint64_t gate = 0;  // the gate's number
    std::uint32_t time = 0;  // the gate's clock, Unix seconds
};

}  // namespace stile::crypto
