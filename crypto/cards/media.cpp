// SPDX-License-Identifier: Apache-2.0
// Spells a card's number.
#include "crypto/cards/media.hpp"

#include <algorithm>

namespace stile::crypto {

std::string medium_identifier(Bytes uid) {
    std::string text = to_hex(uid);
    for (char& digit : text) {
        if (digit >= 'a') digit = static_cast<char>(digit - 'a' + 'A');
    }
    return text;
}

std::expected<CardMedium, CardFault> uid_medium(Bytes uid) {
    const bool sized = uid.size() == 4 || uid.size() == 7 || uid.size() == 10;
    const bool zero = std::ranges::all_of(uid, [](std::uint8_t byte) { return byte == 0; });
    if (!sized || zero) return std::unexpected{CardFault::Malformed};
    if (uid.front() == kRandomUid) return std::unexpected{CardFault::RandomId};
    return CardMedium{.type = "nfc_uid", .identifier = medium_identifier(uid)};
}

}  // namespace stile::crypto
