// SPDX-License-Identifier: Apache-2.0
// Puts the commands together (ISO 7816-4, PC/SC part 3, the wrapping of AN12196).
#include "crypto/cards/apdu.hpp"

#include <initializer_list>

namespace stile::crypto {
namespace {

// Room for Lc, data and Le of every command that we make; one allocation each.
CardSend command_of(std::initializer_list<std::uint8_t> head, std::size_t behind = 0) {
    CardSend send;
    send.apdu.reserve(head.size() + behind);
    send.apdu.assign(head);
    return send;
}

}  // namespace

CardSend select_name(Bytes name, SelectAnswer answer) {
    CardSend send = command_of({0x00, 0xA4, 0x04, static_cast<std::uint8_t>(answer),
                                static_cast<std::uint8_t>(name.size())},
                               name.size() + 1);
    ByteWriter out{send.apdu};
    out.raw(name);
    out.number(std::uint8_t{0});
    return send;
}

CardSend select_file(std::uint16_t id) {
    const auto [high, low] = big_endian(id);
    return command_of({0x00, 0xA4, 0x00, 0x0C, 0x02, high, low});
}

CardSend read_binary(std::uint16_t offset, std::size_t count) {
    const auto [high, low] = big_endian(offset);
    return command_of({0x00, 0xB0, high, low, static_cast<std::uint8_t>(count)});
}

CardSend read_pages(std::uint8_t first) {
    return command_of({0xFF, 0xB0, 0x00, first, 0x10});
}

CardSend native(std::uint8_t command, Bytes data) {
    CardSend send = command_of({0x90, command, 0x00, 0x00}, data.size() + 2);
    ByteWriter out{send.apdu};
    if (!data.empty()) out.number(static_cast<std::uint8_t>(data.size()));
    out.raw(data);
    out.number(std::uint8_t{0});
    return send;
}

CardSend next_frame() {
    return native(0xAF, {});
}

}  // namespace stile::crypto
