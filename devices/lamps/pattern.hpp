// SPDX-License-Identifier: Apache-2.0
// The language of a lane's lamps and buzzer: a rhythm for each thing that it says. Pure.
#pragma once

#include <array>
#include <cstdint>

namespace stile::devices {

enum class LampSign : std::uint8_t {
    Ready,  // nobody is at the lane
    Go,
    Stop,
    Wait,
    Closed,
    OutOfOrder,
    FreePassage,
    Fire,
    Last = Fire
};

// Times in milliseconds, on and off in turn. None: off; one: on for good.
struct Rhythm {
    std::array<std::uint16_t, 8> beats{};
    std::uint8_t count = 0;
    friend constexpr bool operator==(const Rhythm&, const Rhythm&) = default;
};

enum class Lamp : std::uint8_t { Go, Stop };

struct Pattern {
    Lamp lamp = Lamp::Stop;  // the other one is dark
    Rhythm light;            // again and again
    Rhythm sound;            // once
};

// No two signs have the same rhythm of light: whoever cannot tell the colours, or sees one lamp
// only, can tell the signs. Light that flashes more than three times a second can bring on a
// seizure: none does.
[[nodiscard]] const Pattern& pattern_of(LampSign sign);

// How often, at most, a light that follows this goes on within a second.
[[nodiscard]] constexpr int most_flashes(const Rhythm& rhythm) {
    if (rhythm.count < 2) return 0;
    const auto begins = [&rhythm](int turn) {  // of the flash with that number
        const int a_round = rhythm.count / 2;
        int time = 0;
        for (int beat = 0; beat < rhythm.count; ++beat)
            time += (turn / a_round) * rhythm.beats[static_cast<std::size_t>(beat)];
        for (int beat = 0; beat < 2 * (turn % a_round); ++beat)
            time += rhythm.beats[static_cast<std::size_t>(beat)];
        return time;
    };
    int most = 0;
    for (int first = 0; first < rhythm.count; ++first) {
        int flashes = 0;
        while (begins(first + flashes) < begins(first) + 1000)
            ++flashes;
        if (flashes > most) most = flashes;
    }
    return most;
}

}  // namespace stile::devices
