// SPDX-License-Identifier: Apache-2.0
// ISO 7816-4 takes seven forms of a command; this reads all of them.
#include "tests/emulator/model/card.hpp"

namespace stile::emulator {
namespace {

std::size_t or_most(std::size_t value, std::size_t most) {
    return value == 0 ? most : value;
}

std::optional<Command> extended(Command command, Bytes body) {
    const std::size_t first = (std::size_t{body[1]} << 8) | body[2];
    if (body.size() == 3) {
        command.expected = or_most(first, 65'536);
        return command;
    }
    if (first == 0 || body.size() < 3 + first) return std::nullopt;
    command.data = body.subspan(3, first);
    const Bytes rest = body.subspan(3 + first);
    if (rest.size() == 2) command.expected = or_most((std::size_t{rest[0]} << 8) | rest[1], 65'536);
    if (rest.size() == 1 || rest.size() > 2) return std::nullopt;
    return command;
}

}  // namespace

std::optional<Command> command_of(Bytes apdu) {
    if (apdu.size() < 4) return std::nullopt;
    Command command{.cla = apdu[0], .ins = apdu[1], .p1 = apdu[2], .p2 = apdu[3]};
    const Bytes body = apdu.subspan(4);
    if (body.empty()) return command;
    if (body.size() == 1) {
        command.expected = or_most(body[0], 256);
        return command;
    }
    if (body[0] == 0) return body.size() < 3 ? std::nullopt : extended(command, body);
    const std::size_t length = body[0];
    if (body.size() < 1 + length || body.size() > 2 + length) return std::nullopt;
    command.data = body.subspan(1, length);
    if (body.size() == 2 + length) command.expected = or_most(body[1 + length], 256);
    return command;
}

}  // namespace stile::emulator
