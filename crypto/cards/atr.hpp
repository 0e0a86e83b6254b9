// SPDX-License-Identifier: Apache-2.0
// What kind of card a reader has in its field, by the ATR that the reader makes up for it.
#pragma once

#include <cstdint>
#include <expected>

#include "crypto/base/bytes.hpp"
#include "crypto/cards/dialogue.hpp"

namespace stile::crypto {

// The numbers are those of the protocol (daemon/PROTOCOL.md, CardPresent).
enum class CardClass : std::uint8_t {
    Type2 = 1,  // Ultralight and NTAG: pages, no ISO 14443-4
    Type4,      // ISO 14443-4: takes APDUs
    Other,      // nothing that this gate has a dialogue for
};

// The table of CARDS.md. Fault: Malformed for bytes that are no ATR. Reentrant, allocates nothing.
[[nodiscard]] std::expected<CardClass, CardFault> classify_atr(Bytes atr);

}  // namespace stile::crypto
