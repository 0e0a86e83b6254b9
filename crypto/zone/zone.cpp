// SPDX-License-Identifier: Apache-2.0
// Time zones by Howard Hinnant's date library and the system's tzdata.
#include "crypto/zone/zone.hpp"

#include <exception>

#include <date/tz.h>
#include <fmt/format.h>

namespace stile::crypto {
namespace {

// The data base writes "+04" where a zone has no abbreviation.
std::string with_utc(const std::string& abbreviation) {
    return abbreviation.find_first_of("+-") == 0 ? "UTC" + abbreviation : abbreviation;
}

// "Fri 03 Jul 2026" as people write it.
std::string without_zero(std::string day) {
    constexpr std::size_t kDay = 4;
    if (day[kDay] == '0') day.erase(kDay, 1);
    return day;
}

const date::time_zone* find_zone(const std::string& name) {
    try {
        return date::locate_zone(name);
    } catch (const std::exception&) {
        return nullptr;
    }
}

}  // namespace

Result<LocalTime> local_time(std::chrono::sys_seconds time, const std::string& zone) {
    try {
        const date::time_zone* const place = find_zone(zone);
        if (place == nullptr) {
            (void)date::get_tzdb();  // says why if there is no data base at all
            return fail(Errc::Invalid,
                        fmt::format("\"{}\" is no time zone: write one like Europe/Berlin", zone));
        }
        const auto local = date::make_zoned(place, time);
        LocalTime time_there;
        time_there.day = without_zero(date::format("%a %d %b %Y", local));
        time_there.clock = date::format("%H:%M", local);
        time_there.zone = with_utc(local.get_info().abbrev);
        return time_there;
    } catch (const std::exception& error) {
        return fail(Errc::Io,
                    fmt::format("no time zones ({}): install the package tzdata", error.what()));
    }
}

}  // namespace stile::crypto
