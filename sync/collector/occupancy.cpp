// SPDX-License-Identifier: Apache-2.0
// What changes of one ticket is taken out of the sums and put in again.
#include "sync/collector/occupancy.hpp"

#include <algorithm>
#include <utility>

namespace stile::sync {
namespace {

void add_or_remove(Headcount& sum, const Headcount& part, bool add) {
    if (add)
        sum += part;
    else
        sum -= part;
}

Headcount through(const Movement& movement) {
    return movement.direction == Direction::Entry ? Headcount{.entered = movement.people}
                                                  : Headcount{.left = movement.people};
}

}  // namespace

Occupancy::Occupancy(AreaTree areas, WallTime since) : areas_{std::move(areas)}, since_{since} {}

Admissions::Change Occupancy::take(const GateEntry& entry) {
    if (entry.kind == EntryKind::Lane && entry.what == "free-passage" && entry.time) {
        const auto [at, fresh] = free_.try_emplace(entry.name, *entry.time, entry.count);
        if (fresh && at->second.first >= since_) free_people_ += at->second.second;
        return {};
    }
    auto change = admissions_.take(entry);
    if (change.before == change.after) return change;
    if (change.before) put(*change.before, Sign::Remove);
    if (change.after) put(*change.after, Sign::Add);
    return change;
}

void Occupancy::put(const Movement& movement, Sign sign) {
    count_gate(movement, sign);
    if (!movement.ticket) return count_unnamed(movement, sign);
    History& history = tickets_[*movement.ticket];
    auto& movements = history.movements;
    const auto place = std::ranges::lower_bound(movements, movement);
    if (sign == Sign::Add)
        movements.insert(place, movement);
    else if (place != movements.end() && *place == movement)
        movements.erase(place);
    walk(*movement.ticket, history);
}

void Occupancy::walk(const Ticket& ticket, History& history) {
    Visits now = visits(history.movements, {areas_, since_, history.people});
    touched_.insert(ticket);
    if (now == history.visits) return;
    count(history.visits, Sign::Remove);
    history.visits = std::move(now);
    count(history.visits, Sign::Add);
    if (history.visits.conflicts.empty())
        conflicts_.erase(ticket);
    else
        conflicts_[ticket] = history.visits.conflicts;
}

void Occupancy::count(const Visits& visits, Sign sign) {
    const bool add = sign == Sign::Add;
    add_or_remove(total_, visits.total, add);
    for (const auto& [area, people] : visits.areas)
        add_or_remove(by_area_[area], people, add);
    for (const Arrival& arrival : visits.arrivals) {
        Arrivals& of_event = arrivals_[arrival.event];
        const auto minute = std::chrono::floor<std::chrono::minutes>(arrival.time);
        auto& people = of_event[minute];
        people = add ? people + arrival.people : people - arrival.people;
        if (people == 0) of_event.erase(minute);
    }
}

void Occupancy::count_gate(const Movement& movement, Sign sign) {
    if (movement.time < since_ || movement.kind != Movement::Kind::Passes) return;
    add_or_remove(gates_[movement.entry.ledger.gate], through(movement), sign == Sign::Add);
}

void Occupancy::count_unnamed(const Movement& movement, Sign sign) {
    if (sign == Sign::Add)
        unnamed_.insert(movement);
    else
        unnamed_.erase(movement);
    if (movement.time < since_ || movement.kind != Movement::Kind::Passes) return;
    add_or_remove(unnamed_total_, through(movement), sign == Sign::Add);
}

void Occupancy::set_people(const Ticket& ticket, std::uint32_t people) {
    History& history = tickets_[ticket];
    if (std::exchange(history.people, people) != people) walk(ticket, history);
}

void Occupancy::set_since(WallTime since) {
    if (std::exchange(since_, since) == since) return;
    gates_.clear();
    unnamed_total_ = {};
    free_people_ = 0;
    for (auto& [ticket, history] : tickets_) {
        for (const Movement& movement : history.movements)
            count_gate(movement, Sign::Add);
        walk(ticket, history);
    }
    for (const Movement& movement : std::exchange(unnamed_, {}))
        put(movement, Sign::Add);
    for (const auto& [name, at] : free_)
        free_people_ += at.first >= since_ ? at.second : 0;
}

OccupancyView Occupancy::view() const {
    OccupancyView out{.total = total_, .gates = gates_, .free = free_people_};
    out.total.entered += unnamed_total_.entered;
    out.total.left += unnamed_total_.left;
    if (unnamed_total_.entered > unnamed_total_.left)
        out.total.inside += unnamed_total_.entered - unnamed_total_.left;
    for (const auto& [area, people] : by_area_) {
        if (people != Headcount{}) out.areas.emplace(area, people);
    }
    std::erase_if(out.gates, [](const auto& gate) { return gate.second == Headcount{}; });
    return out;
}

bool Occupancy::is_inside(const Ticket& ticket) const {
    const auto found = tickets_.find(ticket);
    return found != tickets_.end() && found->second.visits.total.inside > 0;
}

std::set<crypto::TicketId> Occupancy::tickets_inside() const {
    std::set<Ticket> out;
    for (const auto& [ticket, history] : tickets_) {
        if (history.visits.total.inside > 0) out.insert(ticket);
    }
    return out;
}

std::optional<Movement> Occupancy::last_of(const Ticket& ticket) const {
    const auto found = tickets_.find(ticket);
    if (found == tickets_.end() || found->second.movements.empty()) return std::nullopt;
    return found->second.movements.back();
}

const Occupancy::Arrivals& Occupancy::arrivals(std::uint64_t event) const {
    static const Arrivals kNone;
    const auto found = arrivals_.find(event);
    return found == arrivals_.end() ? kNone : found->second;
}

}  // namespace stile::sync
