// SPDX-License-Identifier: Apache-2.0
// Areas, and the lanes that lead to them.
#include <fmt/format.h>

#include "daemon/policy/draft.hpp"
#include "daemon/policy/policy_words.hpp"

namespace stile::policy {
namespace {

constexpr std::size_t kMostTitleBytes = 60;

std::optional<std::uint32_t> area_number(const Draft& draft, std::string_view name) {
    if (name == kOutsideName) return kOutside;
    const AreaTable* area = named(draft.tables.areas, name);
    if (area == nullptr) return std::nullopt;
    return static_cast<std::uint32_t>(area->number.value);
}

std::uint32_t area_number(Draft& draft, const Text& name, std::string_view key) {
    if (const auto number = area_number(std::as_const(draft), name.value)) return *number;
    draft.wrong(name, key,
                fmt::format("there is no area \"{}\"; there are: outside, {}", name.value,
                            names_of(draft.tables.areas)));
    return kOutside;
}

Passback passback_of(const AreaTable& row) {
    const std::string& mode = row.passback.value;
    if (mode == "soft") return Passback::Soft;
    if (mode == "timed") return Passback::Timed;
    return mode == "hard" ? Passback::Hard : Passback::Off;
}

void check_area(Draft& draft, const AreaTable& row) {
    if (row.name.value == kOutsideName)
        draft.wrong(row.name, "area.name", "\"outside\" is everything that is no area");
    if (row.title.value.size() > kMostTitleBytes) {
        draft.wrong(row.title, "area.title",
                    fmt::format("longer than {} bytes: guests read it on a small display",
                                kMostTitleBytes));
    }
    const bool timed = row.passback.value == "timed";
    if (timed && !row.passback_minutes.is_given()) {
        draft.wrong(row.passback, "area.passback",
                    "\"timed\" needs passback_minutes: for how long is it refused?");
    }
    if (!timed && row.passback_minutes.is_given()) {
        draft.odd(row.passback_minutes, "area.passback_minutes",
                  "does nothing unless passback = \"timed\"");
    }
    if (row.daily_reset.is_given()) need_zone(draft, row.daily_reset, "area.daily_reset");
}

Area area_of(Draft& draft, const AreaTable& row) {
    check_area(draft, row);
    Area area;
    area.number = static_cast<std::uint32_t>(row.number.value);
    area.name = row.name.value;
    area.title = row.title.is_given() ? row.title.value : row.name.value;
    if (row.parent.is_given()) area.parent = area_number(draft, row.parent, "area.parent");
    if (row.capacity.is_given()) area.capacity = static_cast<std::uint32_t>(row.capacity.value);
    area.passback = passback_of(row);
    area.passback_time = std::chrono::minutes{row.passback_minutes.value};
    area.parents = row.parents.value == "strict" ? Parents::Strict : Parents::Lenient;
    if (row.daily_reset.is_given())
        area.daily_reset = time_of_day(draft, row.daily_reset, "area.daily_reset");
    area.exempt = class_set(draft, row.exempt, "area.exempt");
    return area;
}

void tell(Draft& draft, const AreaFault& fault) {
    const AreaTable& row = draft.tables.areas[fault.area];
    const auto numbered_like = [&row](const AreaTable& other) {
        return other.number.value == row.number.value;
    };
    switch (fault.kind) {
        case AreaFault::Kind::NumberTwice:
            return draft.wrong(
                row.number, "area.number",
                fmt::format("{} is in line {} already: give each area its own number",
                            row.number.value,
                            std::ranges::find_if(draft.tables.areas, numbered_like)->number.line));
        case AreaFault::Kind::Cycle:
            return draft.wrong(row.parent, "area.parent",
                               fmt::format("\"{}\" lies in itself: follow its parents, and let "
                                           "one of them be \"outside\"",
                                           row.name.value));
        case AreaFault::Kind::TooDeep:
            return draft.wrong(
                row.parent, "area.parent",
                fmt::format("\"{}\" lies more than {} areas deep", row.name.value, kMostAreaDepth));
        case AreaFault::Kind::TooMany:        // read_tables() says so
        case AreaFault::Kind::NumberMissing:  // its field says so
        case AreaFault::Kind::NameTwice:      // check_names() says so
        case AreaFault::Kind::ParentUnknown:  // area_number() says so
            return;
    }
}

bool is_here(const LaneTable& row, const PolicyPlace& place) {
    return place.venue.empty() || row.gate.value.empty() || row.gate.value == place.gate;
}

// Two rows that a gate could not tell apart.
bool same_way(const LaneTable& a, const LaneTable& b) {
    const bool same_gate =
        a.gate.value == b.gate.value || a.gate.value.empty() || b.gate.value.empty();
    return same_gate && a.name.value == b.name.value && a.direction.value == b.direction.value;
}

void check_lane(Draft& draft, const LaneTable& row) {
    const auto& rows = draft.tables.lanes;
    const auto first =
        std::ranges::find_if(rows, [&row](const LaneTable& other) { return same_way(row, other); });
    if (&*first != &row && row.name.is_given()) {
        draft.wrong(row.name, "lane.name",
                    fmt::format("lane \"{}\" has its {} in line {} already", row.name.value,
                                row.direction.value, first->name.line));
    }
    const auto& gates = draft.tables.head.gates.value;
    if (row.gate.is_given() && !gates.empty() &&
        std::ranges::find(gates, row.gate.value) == gates.end()) {
        draft.wrong(row.gate, "lane.gate",
                    fmt::format("\"{}\" is not among policy.gates", row.gate.value));
    }
}

Way way_of(Draft& draft, const LaneTable& row) {
    Way way;
    way.lane = row.name.value;
    way.gate = row.gate.value;
    way.direction = row.direction.value == "exit" ? Direction::Exit : Direction::Entry;
    way.from = area_number(draft, row.from, "lane.from");
    way.to = area_number(draft, row.to, "lane.to");
    if (!row.list.is_given()) return way;
    if (const ListTable* list = named(draft.tables.lists, row.list.value)) {
        way.list = static_cast<std::uint64_t>(list->number.value);
    } else {
        draft.wrong(row.list, "lane.list",
                    fmt::format("there is no [[list]] \"{}\"; there are: {}", row.list.value,
                                names_of(draft.tables.lists)));
    }
    return way;
}

// With areas, a lane that is not in the document would let people appear out of nowhere.
void check_lanes_of_place(Draft& draft) {
    if (draft.tables.areas.empty()) return;
    for (const PolicyPlace::Lane& lane : draft.place.lanes) {
        if (draft.policy.way(lane.name, lane.direction) != nullptr) continue;
        const std::string_view direction = name_of(lane.direction);
        draft.wrong(draft.tables.head.name, "lane",
                    fmt::format("lane \"{}\" of this gate ({}) leads nowhere: add a [[lane]] with "
                                "direction = \"{}\", from and to",
                                lane.name, direction, direction));
    }
}

}  // namespace

void put_areas(Draft& draft) {
    const auto& rows = draft.tables.areas;
    check_names(draft, rows, "area");
    std::vector<Area> areas;
    for (const AreaTable& row : rows)
        areas.push_back(area_of(draft, row));
    auto tree = AreaTree::make(std::move(areas));
    if (tree) {
        draft.policy.areas = std::move(*tree);
    } else {
        for (const AreaFault& fault : tree.error())
            tell(draft, fault);
    }
}

void put_lanes(Draft& draft) {
    for (const LaneTable& row : draft.tables.lanes) {
        check_lane(draft, row);
        Way way = way_of(draft, row);
        if (is_here(row, draft.place)) draft.policy.ways.push_back(std::move(way));
    }
    check_lanes_of_place(draft);
}

}  // namespace stile::policy
