// SPDX-License-Identifier: Apache-2.0
// The messages between a display and the daemon, as messages.hpp describes all of them.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/core/visit.hpp"
#include "daemon/protocol/vocabulary.hpp"

namespace stile::protocol {

struct Watch {
    static constexpr std::uint8_t kKind = 0x50;
    std::string lane;
    static void fields(auto& io, auto& m) { io.name8(m.lane, 63); }
};

struct LaneView {
    static constexpr std::uint8_t kKind = 0x51;
    std::string lane;
    SignState state = SignState::Idle;
    std::uint8_t reason = 0;  // daemon/core/reason.hpp; 0: none
    Direction direction = Direction::Entry;
    std::uint8_t people = 1;
    std::uint64_t since_ns = 0;  // 0: no answer
    std::uint64_t until_ns = 0;  // 0: until something happens
    std::string seat;
    std::string entrance;
    std::string greeting;
    std::string words;
    static void fields(auto& io, auto& m) {
        io.name8(m.lane, 63), io.choice(m.state), io.number(m.reason), io.choice(m.direction);
        io.number(m.people), io.number(m.since_ns), io.number(m.until_ns);
        io.text8(m.seat, 96), io.text8(m.entrance, 96), io.text16(m.greeting, 2'000);
        io.text16(m.words, 400);
    }
};

}  // namespace stile::protocol
