// SPDX-License-Identifier: Apache-2.0
// Writes one NDEF record and one NDEF TLV.
#include "crypto/issue/ndef.hpp"

namespace stile::crypto {
namespace {

constexpr std::uint8_t kOnlyRecord = 0xC0;  // first and last of its message
constexpr std::uint8_t kShort = 0x10;       // the length of the payload takes one byte
constexpr std::uint8_t kExternal = 0x04;
constexpr std::uint8_t kNdefTlv = 0x03;
constexpr std::uint8_t kTerminator = 0xFE;
constexpr std::uint8_t kLongLength = 0xFF;  // two more bytes hold it
constexpr std::size_t kPage = 4;

}  // namespace

Buffer gt1_ndef(Bytes ticket) {
    const bool is_short = ticket.size() <= 0xFF;
    Buffer message;
    ByteWriter out{message};
    out.number(static_cast<std::uint8_t>(kOnlyRecord | kExternal | (is_short ? kShort : 0)));
    out.number(static_cast<std::uint8_t>(kNdefType.size()));
    if (is_short) {
        out.number(static_cast<std::uint8_t>(ticket.size()));
    } else {
        out.number(static_cast<std::uint32_t>(ticket.size()));
    }
    out.raw(as_bytes(kNdefType));
    out.raw(ticket);
    return message;
}

Buffer type2_area(Bytes message) {
    Buffer area;
    ByteWriter out{area};
    out.number(kNdefTlv);
    if (message.size() < kLongLength) {
        out.number(static_cast<std::uint8_t>(message.size()));
    } else {
        out.number(kLongLength);
        out.number(static_cast<std::uint16_t>(message.size()));
    }
    out.raw(message);
    out.number(kTerminator);
    area.resize((area.size() + kPage - 1) / kPage * kPage);
    return area;
}

}  // namespace stile::crypto
