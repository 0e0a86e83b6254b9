// SPDX-License-Identifier: Apache-2.0
// Follows a lane through the tree of areas.
#include "daemon/core/policy/passage.hpp"

#include <algorithm>

namespace stile {
namespace {

// Where they are taken off. A ticket is in one place, so that is where it was last seen; but if
// that cannot be true for whoever stands here (the second of a group, a copy), it is where the lane
// begins. Those whom a reset has forgotten are counted nowhere.
std::size_t counted_from(const AreaTree& tree, const Route& route, Direction direction) {
    if (route.stay == Route::Stay::Forgotten) return 0;
    const bool entry = direction == Direction::Entry;
    const bool impossible =
        entry ? tree.within(route.at, route.to) : !tree.within(route.at, route.from);
    return impossible ? route.from : route.at;
}

// As many are in on this ticket as it admits, or would be.
bool is_complete(const PolicyFacts& facts, std::uint8_t people) {
    if (facts.admissions == kNoLimit) return false;
    const std::uint32_t inside = std::max<std::uint32_t>(facts.holder.inside, 1);
    return inside >= facts.admissions || people > facts.admissions - inside;
}

PolicyRefusal inside_already(const Area& area) {
    Words words{"This ticket is already in "};
    return {Reason::Passback, words << area.title << ". Please ask the staff."};
}

std::optional<PolicyRefusal> in_time(const AccessPolicy& policy, const PolicyFacts& facts,
                                     const Area& area) {
    const WallTime since = facts.holder.area_since;
    if (since <= facts.now - area.passback_time) return std::nullopt;
    // A clock that was set back does not make them wait for longer than that.
    const WallTime good = std::min(since, facts.now) + area.passback_time;
    Words words{"This ticket has just entered "};
    words << area.title << ". It is good again ";
    add_time(words, std::chrono::ceil<std::chrono::minutes>(good), facts.now, policy.zone);
    return PolicyRefusal{Reason::Passback, words << "."};
}

void add(Presence& presence, std::optional<PolicyRefusal> refusal) {
    if (!presence.refusal) presence.refusal = std::move(refusal);
}

void enter_again(const AccessPolicy& policy, const PolicyFacts& facts, const Area& area,
                 Presence& presence) {
    switch (area.passback) {
        case Passback::Off:
            return;
        case Passback::Soft:
            presence.mark = Presence::Mark::Passback;
            return;
        case Passback::Timed:
            return add(presence, in_time(policy, facts, area));
        case Passback::Hard:
            return add(presence, inside_already(area));
    }
}

void enter_without_parent(const Area& area, const Area& parent, Presence& presence) {
    if (area.parents == Parents::Lenient) return;
    if (area.passback == Passback::Soft) {
        presence.mark = Presence::Mark::Passback;
        return;
    }
    Words words{"Please go to the entrance of "};
    add(presence, PolicyRefusal{Reason::Passback, words << parent.title << " first."});
}

std::int64_t at_least_nobody(std::int64_t people) {
    return std::max<std::int64_t>(people, 0);
}

PolicyRefusal no_room(const Area& area, std::int64_t room, std::uint8_t people) {
    Words words{area.title};
    if (room <= 0 || people == 1) return {Reason::Capacity, words << " is full. Please wait here."};
    words << " has room for " << static_cast<std::uint64_t>(room) << " of the ";
    return {Reason::Capacity, words << std::uint64_t{people} << " of you. Please wait here."};
}

}  // namespace

Route route_of(const AccessPolicy& policy, const PolicyFacts& facts, const Terms& terms) {
    const AreaTree& tree = policy.areas;
    const HolderFacts& holder = facts.holder;
    Route route;
    if (older_entries_count(terms, facts.reissue, holder.highest_reissue)) {
        route.at = standing(tree, holder.area, holder.area_since, facts.now, policy.zone);
        if (route.at != tree.place(holder.area)) route.stay = Route::Stay::Forgotten;
    }
    if (const Way* way = policy.way(facts.lane, facts.direction)) {
        route.from = tree.place(way->from);
        route.to = tree.place(way->to);
    } else {
        route.from = route.at;
        route.to = facts.direction == Direction::Entry ? route.at : 0;
    }
    return route;
}

std::optional<std::int64_t> people_within(const AreaTree& tree, std::size_t place,
                                          std::span<const std::int64_t> people) {
    if (people.size() < tree.end(place)) return std::nullopt;
    std::int64_t sum = 0;
    for (std::size_t inside = place; inside < tree.end(place); ++inside)
        sum += std::min<std::int64_t>(at_least_nobody(people[inside]), UINT32_MAX);
    return sum;
}

Duties duties_of(const AccessPolicy& policy, const PolicyFacts& facts, const Terms& terms,
                 const Route& route) {
    const auto areas = policy.areas.areas();
    Duties duties{.release = terms.release};
    duties.from_area = areas[counted_from(policy.areas, route, facts.direction)].number;
    duties.to_area = areas[route.to].number;
    if (terms.group == GroupMode::Together) {
        const std::uint32_t together =
            facts.direction == Direction::Exit ? facts.holder.inside : facts.may_enter;
        if (together < kNoLimit) duties.people = static_cast<std::uint8_t>(std::max(together, 1U));
    }
    return duties;
}

Presence enter(const AccessPolicy& policy, const PolicyFacts& facts, const Terms& terms,
               const Route& route, std::uint8_t people) {
    const AreaTree& tree = policy.areas;
    Presence presence;
    for (std::size_t to = route.to; !tree.within(route.from, to); to = tree.parent(to)) {
        const Area& area = tree.areas()[to];
        const std::size_t parent = tree.parent(to);
        if (policy.is_exempt(terms, policy.passback_exempt | area.exempt)) continue;
        if (tree.within(route.at, to) && is_complete(facts, people))
            enter_again(policy, facts, area, presence);
        // A lane that leads into several areas at once leads past the entrances of the inner ones.
        const bool outermost = tree.within(route.from, parent);
        if (outermost && !tree.within(route.at, parent))
            enter_without_parent(area, tree.areas()[parent], presence);
    }
    return presence;
}

Presence leave(const AccessPolicy& policy, const PolicyFacts& facts, const Terms& terms,
               const Route& route) {
    const Area& area = policy.areas.areas()[route.from];
    const bool minds = area.passback != Passback::Off &&
                       !policy.is_exempt(terms, policy.passback_exempt | area.exempt);
    const bool of_a_group = facts.admissions > 1 && facts.holder.inside > 0;
    const bool known = route.stay == Route::Stay::Forgotten || of_a_group ||
                       policy.areas.within(route.at, route.from);
    return {.mark = minds && !known ? Presence::Mark::Passback : Presence::Mark::None};
}

std::optional<PolicyRefusal> overfull(const AccessPolicy& policy, const PolicyFacts& facts,
                                      const Terms& terms, const Duties& duties) {
    const AreaTree& tree = policy.areas;
    const std::size_t from = tree.place(duties.from_area);
    for (std::size_t to = tree.place(duties.to_area); to != 0; to = tree.parent(to)) {
        const Area& area = tree.areas()[to];
        if (!area.capacity || policy.is_exempt(terms, policy.capacity_exempt | area.exempt))
            continue;
        const auto before = people_within(tree, to, facts.people);
        if (!before) return no_room(area, 0, duties.people);
        const std::int64_t moved =
            tree.within(from, to)
                ? std::min(at_least_nobody(facts.people[from]), std::int64_t{duties.people})
                : 0;  // they are counted in there already
        const std::int64_t room = std::int64_t{*area.capacity} - *before + moved;
        if (duties.people > room && duties.people > moved)
            return no_room(area, room, duties.people);
    }
    return std::nullopt;
}

}  // namespace stile
