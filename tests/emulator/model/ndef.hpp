// SPDX-License-Identifier: Apache-2.0
// NDEF messages as a tag's writer makes them.
#pragma once

#include <string_view>

#include "crypto/base/bytes.hpp"

namespace stile::emulator {

// One record of an external type. Not the writer of the organiser's side: so neither hides a
// mistake of the other.
[[nodiscard]] inline Buffer ndef_of(std::string_view type, Bytes payload) {
    const bool is_short = payload.size() < 256;
    Buffer out{static_cast<std::uint8_t>(is_short ? 0xD4 : 0xC4),
               static_cast<std::uint8_t>(type.size())};
    ByteWriter writer{out};
    if (is_short) {
        writer.number(static_cast<std::uint8_t>(payload.size()));
    } else {
        writer.number(static_cast<std::uint32_t>(payload.size()));
    }
    writer.raw(as_bytes(type));
    writer.raw(payload);
    return out;
}

}  // namespace stile::emulator
