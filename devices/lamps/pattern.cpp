// SPDX-License-Identifier: Apache-2.0
// The table of rhythms, and what must be true of it.
#include "devices/lamps/pattern.hpp"

#include <utility>

namespace stile::devices {
namespace {

constexpr std::size_t kSigns = std::to_underlying(LampSign::Last) + 1;

// In the order of LampSign. In a fire the lamps lead out, and the venue's own alarm is heard.
constexpr std::array<Pattern, kSigns> kPatterns{{
    {Lamp::Stop, {}, {}},
    {Lamp::Go, {{1000}, 1}, {{300, 0}, 2}},
    {Lamp::Stop, {{250, 250}, 2}, {{120, 120, 120, 120, 120, 0}, 6}},
    {Lamp::Go, {{600, 600}, 2}, {}},
    {Lamp::Stop, {{200, 250, 200, 1350}, 4}, {}},
    {Lamp::Stop, {{200, 2800}, 2}, {}},
    {Lamp::Go, {{1700, 300}, 2}, {}},
    {Lamp::Go, {{200, 250, 200, 250, 200, 900}, 6}, {}},
}};

constexpr bool good() {
    for (std::size_t i = 0; i < kSigns; ++i) {
        const Rhythm& light = kPatterns[i].light;
        if (light.count > 1 && light.count % 2 != 0) return false;
        if (kPatterns[i].sound.count % 2 != 0) return false;
        if (most_flashes(light) > 3) return false;
        for (std::size_t j = 0; j < i; ++j) {
            if (kPatterns[j].light == light) return false;
        }
    }
    return true;
}
static_assert(good());

}  // namespace

const Pattern& pattern_of(LampSign sign) {
    return kPatterns[std::to_underlying(sign)];
}

}  // namespace stile::devices
