// SPDX-License-Identifier: Apache-2.0
// Puts the reader's words around a tag's.
#include "crypto/cards/tag_pass.hpp"

#include <array>

#include "crypto/cards/apdu.hpp"

namespace stile::crypto {
namespace {

// InCommunicateThru; D5 43 00 is a good answer to it.
constexpr std::array<std::uint8_t, 2> kThrough{0xD4, 0x42};

}  // namespace

CardSend TagPass::wrap(Bytes command, Bytes behind) const {
    const Bytes through = way_ == Way::Pn532 ? Bytes{kThrough} : Bytes{};
    const std::size_t size = through.size() + command.size() + behind.size();
    CardSend send;
    send.apdu.reserve(5 + size);
    ByteWriter out{send.apdu};
    out.number(std::uint32_t{0xFF000000});
    out.number(static_cast<std::uint8_t>(size));
    out.raw(through);
    out.raw(command);
    out.raw(behind);
    return send;
}

std::optional<Bytes> TagPass::unwrap(Bytes answer) const {
    const CardReply reply = read_reply(answer);
    if (reply.status != kCardOk) return std::nullopt;
    if (way_ == Way::Direct) return reply.data;
    ByteReader in{reply.data};
    const bool through = in.number<std::uint16_t>() == 0xD543;
    const auto error = in.number<std::uint8_t>();
    if (!in.ok() || !through || error != 0) return std::nullopt;
    return in.take(in.left());
}

bool TagPass::try_next() {
    if (way_ == Way::Pn532) return false;
    way_ = Way::Pn532;
    return true;
}

}  // namespace stile::crypto
