// SPDX-License-Identifier: Apache-2.0
// A card's number as the platform spells it. It proves nothing: anyone can clone it.
#pragma once

#include <expected>
#include <string>

#include "crypto/base/bytes.hpp"
#include "crypto/cards/dialogue.hpp"

namespace stile::crypto {

// A number that begins so is another one at each visit.
inline constexpr std::uint8_t kRandomUid = 0x08;

// The medium `nfc_uid`. Faults: RandomId, Malformed (not 4, 7 or 10 bytes, or all zeros).
[[nodiscard]] std::expected<CardMedium, CardFault> uid_medium(Bytes uid);

// Upper-case hexadecimal.
[[nodiscard]] std::string medium_identifier(Bytes uid);

}  // namespace stile::crypto
