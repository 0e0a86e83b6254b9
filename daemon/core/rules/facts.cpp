// SPDX-License-Identifier: Apache-2.0
// Counts earlier visits.
#include "daemon/core/rules/facts.hpp"

#include <algorithm>
#include <bitset>
#include <optional>

#include "crypto/base/time_text.hpp"

namespace stile::rules {
namespace {

namespace chrono = std::chrono;
using Visits = std::span<const Visit>;

bool counts(const Visit& visit, Side side, WallTime time) {
    const bool since = visit.time >= time;
    return visit.direction == Direction::Entry && since == (side == Side::Since);
}

// The calendar of one ticket: forty-five years from its first entry on, and the days after them as
// one.
constexpr std::size_t kDays = 16'384;

}  // namespace

std::size_t count_entries(Visits visits, Side side, WallTime time) {
    return static_cast<std::size_t>(
        std::ranges::count_if(visits, [&](const Visit& v) { return counts(v, side, time); }));
}

std::size_t count_days(Visits visits, const Zone& zone, Side side, WallTime time) {
    if (visits.empty()) return 0;
    const auto first = zone.date(std::ranges::min(visits, {}, &Visit::time).time);
    std::bitset<kDays> days;
    for (const Visit& visit : visits) {
        if (!counts(visit, side, time)) continue;
        const auto day = static_cast<std::size_t>((zone.date(visit.time) - first).count());
        days.set(std::min(day, kDays - 1));
    }
    return days.count();
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
    const auto away =
        std::clamp(now, kFirstMoment, kLastMoment) - std::clamp(*found, kFirstMoment, kLastMoment);
    return chrono::floor<chrono::minutes>(away).count();
}

bool is_present(Visits visits) {
    const auto last = std::ranges::max_element(visits);
    return last != visits.end() && last->direction == Direction::Entry;
}

}  // namespace stile::rules
