// SPDX-License-Identifier: Apache-2.0
// Looks moments up in the table of changes.
#include "daemon/core/zone.hpp"

#include <algorithm>

#include "crypto/base/time_text.hpp"

namespace stile {
namespace {

namespace chrono = std::chrono;

// More than any offset from UTC.
constexpr chrono::hours kReach{48};
constexpr auto kBegin = chrono::floor<chrono::seconds>(kFirstMoment) - 3 * kReach;
constexpr auto kEnd = chrono::floor<chrono::seconds>(kLastMoment) + 3 * kReach;

WallTime in_years(WallTime time) {
    return std::clamp(time, kFirstMoment, kLastMoment);
}

LocalTime in_years(LocalTime local) {
    return LocalTime{in_years(WallTime{local.time_since_epoch()}).time_since_epoch()};
}

}  // namespace

std::size_t Zone::number_at(chrono::sys_seconds time) const {
    const auto& changes = table_.changes;
    return static_cast<std::size_t>(std::ranges::upper_bound(changes, time, {}, &ZoneChange::at) -
                                    changes.begin());
}

Zone::Stretch Zone::stretch(std::size_t number) const {
    const auto& changes = table_.changes;
    return {number == 0 ? kBegin : changes[number - 1].at,
            number == changes.size() ? kEnd : changes[number].at,
            number == 0 ? table_.first : changes[number - 1].offset};
}

LocalTime Zone::local(WallTime time) const {
    time = in_years(time);
    const auto offset = stretch(number_at(chrono::floor<chrono::seconds>(time))).offset;
    return LocalTime{time.time_since_epoch() + offset};
}

chrono::local_days Zone::date(WallTime time) const {
    return chrono::floor<chrono::days>(local(time));
}

unsigned Zone::iso_weekday(WallTime time) const {
    return chrono::weekday{date(time)}.iso_encoding();
}

WallTime Zone::instant(LocalTime wanted) const {
    wanted = in_years(wanted);
    for (;; wanted -= chrono::hours{1}) {
        const WallTime as_utc{wanted.time_since_epoch()};
        const auto first = number_at(chrono::floor<chrono::seconds>(as_utc - kReach));
        const auto last = number_at(chrono::floor<chrono::seconds>(as_utc + kReach));
        for (auto number = first; number <= last; ++number) {
            const Stretch part = stretch(number);
            const WallTime time = as_utc - part.offset;
            if (time >= part.begin && time < part.end) return time;
        }
    }
}

WallTime Zone::start_of_day(chrono::local_days date) const {
    constexpr auto kFirstDay =
        chrono::floor<chrono::days>(LocalTime{kFirstMoment.time_since_epoch()});
    constexpr auto kLastDay =
        chrono::floor<chrono::days>(LocalTime{kLastMoment.time_since_epoch()});
    const LocalTime midnight = std::clamp(date, kFirstDay, kLastDay);
    const WallTime as_utc{midnight.time_since_epoch()};
    const auto first = number_at(chrono::floor<chrono::seconds>(as_utc - kReach));
    const auto last = number_at(chrono::floor<chrono::seconds>(as_utc + kReach));
    for (auto number = first; number <= last; ++number) {
        const Stretch part = stretch(number);
        const WallTime time = as_utc - part.offset;
        // The clocks show midnight in this stretch, or were behind it before and are beyond it now.
        if (time < part.end) return std::max(time, WallTime{part.begin});
    }
    return as_utc;
}

}  // namespace stile
