// SPDX-License-Identifier: Apache-2.0
// A phone with the stile app (Android HCE): its holder's key signs the gate's nonce.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "crypto/cards/dialogue.hpp"
#include "crypto/challenge.hpp"

namespace stile::crypto {

// F0, "GATETKT", 01.
inline constexpr std::array<std::uint8_t, 9> kHceApplication{0xF0, 0x47, 0x41, 0x54, 0x45,
                                                             0x54, 0x4B, 0x54, 0x01};

// The nonce is fresh: it was made for this dialogue and is used in no other.
[[nodiscard]] std::unique_ptr<CardDialogue> make_hce(const Challenge& challenge);

}  // namespace stile::crypto
