// SPDX-License-Identifier: Apache-2.0
// Whether NXP made a chip: a filter for the desk that enrols cards, never a proof at a gate. Number
// and signature can be copied together (CARDS.md).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "crypto/base/bytes.hpp"

namespace stile::crypto {

enum class NxpChip : std::uint8_t { Ntag21x, UltralightEv1, Ntag424, DesfireEv2, DesfireEv3 };

// What to ask: a tag's own command (TagPass), or an APDU of NTAG 424.
inline constexpr std::array<std::uint8_t, 2> kTagReadSignature{0x3C, 0x00};
inline constexpr std::array<std::uint8_t, 7> kReadSignature{0x90, 0x3C, 0x00, 0x00,
                                                            0x01, 0x00, 0x00};

// The family whose key signed this number (7 bytes); nothing if none did. Reentrant.
[[nodiscard]] std::optional<NxpChip> nxp_chip(Bytes uid, Bytes signature);

}  // namespace stile::crypto
