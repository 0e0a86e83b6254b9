// SPDX-License-Identifier: Apache-2.0
// Counts earlier visits.
#include "daemon/core/rules/facts.hpp"

#include <algorithm>
#include <optional>

namespace stile::rules {
namespace {

namespace chrono = std::chrono;
using Visits = std::span<const Visit>;

bool counts(const Visit& visit, Side side, WallTime time) {
    const bool since = visit.time >= time;
    return visit.direction == Direction::Entry && since == (side == Side::Since);
}

// In order of time a day is new when it differs from that of the entry before.
std::size_t changes_of_day(Visits visits, const Zone& zone, Side side, WallTime time) {
    std::size_t days = 0;
    std::optional<chrono::local_days> last;
    for (const Visit& visit : visits) {
        if (!counts(visit, side, time)) continue;
        const auto day = zone.date(visit.time);
        if (day != last) ++days;
        last = day;
    }
    return days;
}

// The first day after `last` with an entry; nothing if that was the last.
std::optional<chrono::local_days> day_after(Visits visits, const Zone& zone, Side side,
                                            WallTime time, std::optional<chrono::local_days> last) {
    std::optional<chrono::local_days> next;
    for (const Visit& visit : visits) {
        if (!counts(visit, side, time)) continue;
        const auto day = zone.date(visit.time);
        if (last && day <= *last) continue;
        if (!next || day < *next) next = day;
    }
    return next;
}

}  // namespace

std::size_t count_entries(Visits visits, Side side, WallTime time) {
    return static_cast<std::size_t>(
        std::ranges::count_if(visits, [&](const Visit& v) { return counts(v, side, time); }));
}

std::size_t count_days(Visits visits, const Zone& zone, Side side, WallTime time) {
    if (std::ranges::is_sorted(visits, {}, &Visit::time))
        return changes_of_day(visits, zone, side, time);
    std::size_t days = 0;
    std::optional<chrono::local_days> day;
    while ((day = day_after(visits, zone, side, time, day)))
        ++days;
    return days;
}

std::int64_t minutes_since(Visits visits, Which entry, WallTime now) {
    std::optional<WallTime> found;
    for (const Visit& visit : visits) {
        if (visit.direction != Direction::Entry) continue;
        const bool better = !found || (entry == Which::First) == (visit.time < *found);
        if (better) found = visit.time;
    }
    if (!found) return -1;
    if (*found >= now) return 0;
    return chrono::floor<chrono::minutes>(now - *found).count();
}

bool is_present(Visits visits) {
    const auto last = std::ranges::max_element(visits);
    return last != visits.end() && last->direction == Direction::Entry;
}

}  // namespace stile::rules
