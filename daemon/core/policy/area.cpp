// SPDX-License-Identifier: Apache-2.0
// Puts areas in order, and says what keeps them from being a tree.
#include "daemon/core/policy/area.hpp"

#include <algorithm>
#include <utility>

namespace stile {
namespace {

using Kind = AreaFault::Kind;
using Areas = std::span<const Area>;

std::optional<std::size_t> find(Areas areas, std::uint32_t number) {
    if (number == kOutside) return std::nullopt;
    const auto found = std::ranges::find(areas, number, &Area::number);
    if (found == areas.end()) return std::nullopt;
    return static_cast<std::size_t>(found - areas.begin());
}

// How many areas lie around this one, itself included; a circle never ends, and counts as more
// than there are.
std::size_t levels(Areas areas, std::size_t which) {
    std::size_t count = 1;
    for (auto at = find(areas, areas[which].parent); at && count <= areas.size();
         at = find(areas, areas[*at].parent))
        ++count;
    return count;
}

std::optional<Kind> fault_of(Areas areas, std::size_t which) {
    const Area& area = areas[which];
    const Areas before = areas.first(which);
    if (area.number == kOutside) return Kind::NumberMissing;
    if (find(before, area.number)) return Kind::NumberTwice;
    if (std::ranges::find(before, area.name, &Area::name) != before.end()) return Kind::NameTwice;
    if (area.parent != kOutside && !find(areas, area.parent)) return Kind::ParentUnknown;
    const std::size_t depth = levels(areas, which);
    if (depth > areas.size()) return Kind::Cycle;
    if (depth > kMostAreaDepth) return Kind::TooDeep;
    return std::nullopt;
}

std::vector<AreaFault> faults_of(Areas areas) {
    if (areas.size() > kMostAreas) return {{Kind::TooMany, kMostAreas}};
    std::vector<AreaFault> faults;
    for (std::size_t which = 0; which < areas.size(); ++which) {
        if (const auto kind = fault_of(areas, which)) faults.push_back({*kind, which});
    }
    return faults;
}

}  // namespace

AreaTree::AreaTree() : areas_(1), nodes_(1) {}

std::expected<AreaTree, std::vector<AreaFault>> AreaTree::make(std::vector<Area> areas) {
    if (auto faults = faults_of(areas); !faults.empty()) return std::unexpected{std::move(faults)};
    AreaTree tree;
    for (std::size_t which = 0; which < areas.size(); ++which) {
        if (areas[which].parent == kOutside) tree.add(areas, which, 0);
    }
    tree.nodes_[0].end = tree.areas_.size();
    return tree;
}

// No deeper than kMostAreaDepth.  NOLINTNEXTLINE(misc-no-recursion)
void AreaTree::add(std::vector<Area>& given, std::size_t which, std::size_t parent) {
    const std::size_t place = areas_.size();
    const std::uint32_t number = given[which].number;
    areas_.push_back(given[which]);
    nodes_.push_back({.parent = parent});
    for (std::size_t child = 0; child < given.size(); ++child) {
        if (given[child].parent == number) add(given, child, place);
    }
    nodes_[place].end = areas_.size();
}

std::size_t AreaTree::place(std::uint32_t number) const {
    return find(areas_, number).value_or(0);
}

std::size_t AreaTree::depth(std::size_t place) const {
    std::size_t depth = 0;
    for (; place != 0; place = parent(place))
        ++depth;
    return depth;
}

WallTime latest_reset(std::chrono::minutes time_of_day, WallTime now, const Zone& zone) {
    // From tomorrow on: where the clocks jump over midnight, its reset comes before the day begins.
    for (const int day : {1, 0, -1, -2}) {
        const LocalTime local = zone.date(now) + std::chrono::days{day} + time_of_day;
        const WallTime reset = zone.instant(local);
        if (reset <= now) return reset;
    }
    return WallTime::min();  // before the first year of the calendar
}

std::size_t standing(const AreaTree& tree, std::uint32_t area, WallTime since, WallTime now,
                     const Zone& zone) {
    std::size_t at = tree.place(area);
    for (std::size_t around = at; around != 0; around = tree.parent(around)) {
        const auto reset = tree.areas()[around].daily_reset;
        if (reset && since < latest_reset(*reset, now, zone)) at = tree.parent(around);
    }
    return at;
}

std::optional<WallTime> counted_since(const AreaTree& tree, std::size_t place, WallTime now,
                                      const Zone& zone) {
    std::optional<WallTime> since;
    for (; place != 0; place = tree.parent(place)) {
        const auto reset = tree.areas()[place].daily_reset;
        if (reset)
            since = std::max(since.value_or(WallTime::min()), latest_reset(*reset, now, zone));
    }
    return since;
}

}  // namespace stile
