// SPDX-License-Identifier: Apache-2.0
// Calendar arithmetic by the standard library, digits by fmt.
#include "sync/publish/stamp.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace stile::sync {

namespace {

namespace chrono = std::chrono;
using Time = chrono::sys_time<chrono::milliseconds>;

constexpr Time kFirst{};
constexpr Time kLast = chrono::sys_days{chrono::year{10'000} / 1 / 1} - chrono::milliseconds{1};

}  // namespace

std::string rfc3339(Time time) {
    time = std::clamp(time, kFirst, kLast);
    const auto day = chrono::floor<chrono::days>(time);
    const chrono::year_month_day date{day};
    const chrono::hh_mm_ss clock{time - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

}  // namespace stile::sync
