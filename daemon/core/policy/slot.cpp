// SPDX-License-Identifier: Apache-2.0
// Lays a weekly slot over the days around a moment.
#include "daemon/core/policy/slot.hpp"

#include <algorithm>

namespace stile {
namespace {

using std::chrono::days;
using std::chrono::local_days;

constexpr days kWeek{7};

struct Stay {
    WallTime begin;
    WallTime end;
};

std::optional<Stay> on_day(const Slot& slot, local_days day, const Zone& zone) {
    const unsigned weekday = std::chrono::weekday{day}.iso_encoding() - 1;
    if ((slot.days >> weekday & 1U) == 0) return std::nullopt;
    const local_days last = slot.to > slot.from ? day : day + days{1};
    return Stay{zone.instant(day + slot.from), zone.instant(last + slot.to)};
}

bool may_be_in(const Stay& stay, const Slot& slot, const TimeBounds& now) {
    return now.latest >= stay.begin - slot.early && now.earliest < stay.end + slot.late;
}

}  // namespace

bool may_hold(const Slot& slot, const TimeBounds& now, const Zone& zone) {
    if (slot.days == 0) return may_be_in({slot.begins, slot.ends}, slot, now);
    // Grace may reach over a day on both sides; after a week all days have been asked.
    const local_days first = zone.date(now.earliest) - days{3};
    const local_days last = std::min(zone.date(now.latest) + days{2}, first + days{5} + kWeek);
    for (local_days day = first; day <= last; day += days{1}) {
        const auto stay = on_day(slot, day, zone);
        if (stay && may_be_in(*stay, slot, now)) return true;
    }
    return false;
}

std::optional<WallTime> next_begin(const Slot& slot, WallTime now, const Zone& zone) {
    if (slot.days == 0) return slot.begins > now ? std::optional{slot.begins} : std::nullopt;
    const local_days today = zone.date(now);
    for (local_days day = today; day <= today + kWeek; day += days{1}) {
        const auto stay = on_day(slot, day, zone);
        if (stay && stay->begin > now) return stay->begin;
    }
    return std::nullopt;
}

}  // namespace stile
