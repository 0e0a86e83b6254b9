// SPDX-License-Identifier: Apache-2.0
// The shapes of the allowed commands, as a table.
#include "crypto/cards/allow_list.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace stile::crypto {
namespace {

// One byte of a shape: from `low` to `high`.
struct Place {
    std::uint8_t low, high;
    [[nodiscard]] constexpr bool takes(std::uint8_t byte) const {
        return byte >= low && byte <= high;
    }
};

constexpr Place is(std::uint8_t byte) {
    return {byte, byte};
}
constexpr Place kAny{0x00, 0xFF};

// The places in front, then `free` bytes of any value, then perhaps one zero (Le).
struct Shape {
    enum class End : std::uint8_t { Open, Zero };

    std::size_t front_size = 0;
    std::size_t free = 0;
    End end = End::Open;
    std::array<Place, 7> front{};

    constexpr Shape(std::initializer_list<Place> places, std::size_t free_bytes, End last)
        : front_size{places.size()}, free{free_bytes}, end{last} {
        std::ranges::copy(places, front.begin());
    }

    [[nodiscard]] constexpr bool fits(Bytes apdu) const {
        const std::size_t tail = end == End::Zero ? 1 : 0;
        if (apdu.size() != front_size + free + tail) return false;
        if (tail == 1 && apdu.back() != 0) return false;
        for (std::size_t i = 0; i < front_size; ++i) {
            if (!front[i].takes(apdu[i])) return false;
        }
        return true;
    }
};

using enum Shape::End;

constexpr Shape kCommands[] = {
    {{is(0x00), is(0xA4), is(0x00), is(0x0C), is(0x02)}, 2, Open},      // SELECT file
    {{is(0x00), is(0xB0), {0x00, 0x7F}, kAny, kAny}, 0, Open},          // READ BINARY
    {{is(0xFF), is(0xCA), {0x00, 0x01}, is(0x00), is(0x00)}, 0, Open},  // UID, ATS
    {{is(0xFF), is(0xB0), is(0x00), kAny, {0x01, 0x10}}, 0, Open},      // Type 2 pages
    {{is(0x90), is(0x60), is(0x00), is(0x00)}, 0, Zero},                // GetVersion
    {{is(0x90), is(0xAF), is(0x00), is(0x00)}, 0, Zero},                // the next frame
    {{is(0x90), is(0xAF), is(0x00), is(0x00), is(0x20)}, 32, Zero},     // second authentication
    {{is(0x90), is(0x71), is(0x00), is(0x00), is(0x02), kAny, is(0x00)}, 0, Zero},
    {{is(0x90), is(0x3C), is(0x00), is(0x00), is(0x01), is(0x00)}, 0, Zero},  // Read_Sig
    {{is(0x90), is(0x5A), is(0x00), is(0x00), is(0x03)}, 3, Zero},            // select application
    {{is(0x90), is(0xAD), is(0x00), is(0x00), is(0x07)}, 7, Zero},            // ReadData
    {{is(0x90), is(0xAD), is(0x00), is(0x00), is(0x0F)}, 15, Zero},  // the same with its MAC
    {{is(0x90), is(0xBD), is(0x00), is(0x00), is(0x07)}, 7, Zero},   // older cards' name for it
    {{is(0x90), is(0xBD), is(0x00), is(0x00), is(0x0F)}, 15, Zero},
    {{is(0x80), is(0x10), is(0x00), is(0x00), is(0x1C)}, 28, Zero},  // our challenge
};

// What a Type 2 tag is asked through a reader that passes its bytes on.
constexpr Shape kTagCommands[] = {
    {{is(0x60)}, 0, Open},                // GET_VERSION
    {{is(0x30), kAny}, 0, Open},          // READ
    {{is(0x30), kAny}, 8, Open},          // READ with its MAC
    {{is(0x3C), is(0x00)}, 0, Open},      // READ_SIG
    {{is(0x1A), {0x00, 0x01}}, 0, Open},  // AUTHENTICATE
    {{is(0xAF)}, 32, Open},               // its second part
};

bool fits_one(std::span<const Shape> shapes, Bytes apdu) {
    return std::ranges::any_of(shapes, [apdu](const Shape& shape) { return shape.fits(apdu); });
}

// SELECT by name is the one command whose length varies: 5 to 16 bytes, with or without Le.
bool is_select_by_name(Bytes apdu) {
    if (apdu.size() < 5 || apdu[0] != 0x00 || apdu[1] != 0xA4 || apdu[2] != 0x04) return false;
    if (apdu[3] != 0x00 && apdu[3] != 0x0C) return false;
    const std::size_t name = apdu[4];
    if (name < 5 || name > 16 || apdu.size() < 5 + name) return false;
    const Bytes behind = apdu.subspan(5 + name);
    return behind.empty() || (behind.size() == 1 && behind[0] == 0x00);
}

bool is_tag_command(Bytes apdu) {
    constexpr std::array<std::uint8_t, 4> kPass{0xFF, 0x00, 0x00, 0x00};
    if (apdu.size() < 6 || !std::ranges::equal(apdu.first(4), kPass)) return false;
    Bytes command = apdu.subspan(5);
    if (apdu[4] != command.size()) return false;
    const bool pn532 = command.size() > 2 && command[0] == 0xD4 && command[1] == 0x42;
    if (pn532) command = command.subspan(2);
    return fits_one(kTagCommands, command);
}

}  // namespace

bool allowed(Bytes apdu) {
    return fits_one(kCommands, apdu) || is_select_by_name(apdu) || is_tag_command(apdu);
}

}  // namespace stile::crypto
