// SPDX-License-Identifier: Apache-2.0
// A small venue for tests of its policy: an arena with a hall, a box in the hall, and a lounge.
#pragma once

#include <vector>

#include "daemon/core/policy/check.hpp"

namespace stile::test {

inline constexpr std::uint32_t kArena = 1;
inline constexpr std::uint32_t kHall = 2;
inline constexpr std::uint32_t kBox = 3;
inline constexpr std::uint32_t kLounge = 4;

// Friday, 2026-07-31, 18:00 in Berlin.
inline constexpr WallTime kFriday =
    std::chrono::sys_days{std::chrono::year{2026} / 7 / 31} + std::chrono::hours{16};

// Berlin, around the changes of 2026.
inline Zone berlin() {
    using std::chrono::hours;
    using std::chrono::sys_days;
    using std::chrono::year;
    return Zone{ZoneTable{hours{1},
                          {{sys_days{year{2026} / 3 / 29} + hours{1}, hours{2}},
                           {sys_days{year{2026} / 10 / 25} + hours{1}, hours{1}}}}};
}

inline std::vector<Area> venue_areas() {
    return {{.number = kArena, .name = "arena", .title = "the arena"},
            {.number = kHall, .name = "hall", .title = "the hall", .parent = kArena},
            {.number = kBox, .name = "box", .title = "the box", .parent = kHall},
            {.number = kLounge, .name = "lounge", .title = "the lounge", .parent = kArena}};
}

// A policy that asks for nothing yet: its areas, and a lane into and out of each. A test changes
// what it is about.
struct Venue {
    std::vector<Area> areas = venue_areas();
    std::vector<std::int64_t> people = std::vector<std::int64_t>(5);  // as the tree orders areas
    AccessPolicy policy;
    PolicyFacts facts{.lane = "arena", .event = 2026, .product = 1, .now = kFriday};

    Venue() {
        policy.zone = berlin();
        policy.classes = {"guest", "crew"};
        for (const Area& area : areas) {
            policy.ways.push_back({area.name, Direction::Entry, area.parent, area.number, {}, {}});
            policy.ways.push_back({area.name, Direction::Exit, area.number, area.parent, {}, {}});
        }
        policy.ways.push_back({"stage-door", Direction::Entry, kOutside, kHall, {}, {}});
        at(kFriday);
    }
    Area& area(std::uint32_t number) { return areas[number - 1]; }
    Terms& terms() { return *policy.other_products; }

    void at(WallTime now) {
        facts.now = now;
        facts.bounds = {now, now};
        if (facts.list_age == std::nullopt) facts.list_age = std::chrono::seconds{60};
    }
    void goes(std::string_view lane, Direction direction = Direction::Entry) {
        facts.lane = lane;
        facts.direction = direction;
    }
    void is_in(std::uint32_t area, WallTime since = kFriday - std::chrono::minutes{10}) {
        facts.holder.area = area;
        facts.holder.area_since = since;
        facts.holder.inside = area == kOutside ? 0 : 1;
    }
    Ruling ask() {
        policy.areas = AreaTree::make(areas).value();
        facts.people = people;
        return check(policy, facts);
    }
    // Valid when it is not refused.
    Reason reason() {
        const Ruling ruling = ask();
        return ruling.refusal ? ruling.refusal->reason : Reason::Valid;
    }
    std::string words() {
        const Ruling ruling = ask();
        return ruling.refusal ? std::string{ruling.refusal->words.view()} : "";
    }
    std::uint16_t flags() { return ask().duties.flags; }
};

}  // namespace stile::test
