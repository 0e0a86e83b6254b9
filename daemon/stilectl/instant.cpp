// SPDX-License-Identifier: Apache-2.0
// RFC 3339, Unix seconds, or a time of day.
#include "daemon/stilectl/instant.hpp"

#include <charconv>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>

#include "crypto/base/time_text.hpp"

namespace stile {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;
using std::chrono::system_clock;

std::optional<sys_seconds> read_unix(std::string_view text) {
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
    const sys_seconds time{seconds{value}};
    if (time < std::chrono::floor<seconds>(kFirstMoment) ||
        time > std::chrono::floor<seconds>(kLastMoment))
        return std::nullopt;
    return time;
}

// The time of day on the day of `now`, or so many days later, as mktime() counts local days.
std::optional<sys_seconds> local_moment(system_clock::time_point now, std::chrono::minutes at,
                                        int days) {
    const std::time_t from = system_clock::to_time_t(now);
    std::tm local{};
    if (::localtime_r(&from, &local) == nullptr) return std::nullopt;
    local.tm_mday += days;
    local.tm_hour = 0;
    local.tm_min = static_cast<int>(at.count());
    local.tm_sec = 0;
    local.tm_isdst = -1;
    const std::time_t moment = std::mktime(&local);
    if (moment == -1) return std::nullopt;
    return sys_seconds{seconds{moment}};
}

}  // namespace

Result<sys_seconds> parse_daytime(std::string_view text, system_clock::time_point now) {
    constexpr std::string_view kForm = "18:30";
    const auto at = text.size() == kForm.size() ? parse_time_of_day(text) : std::nullopt;
    for (const int days : {0, 1}) {
        if (!at) break;
        const auto moment =
            local_moment(now, std::chrono::duration_cast<std::chrono::minutes>(*at), days);
        if (moment && *moment > now) return *moment;
    }
    return fail(Errc::Invalid, "\"" + std::string{text} + "\" is no time of day: write 18:30");
}

Result<sys_seconds> parse_instant(std::string_view text) {
    if (const auto time = read_unix(text)) return *time;
    if (const auto time = parse_rfc3339(text)) return std::chrono::floor<seconds>(*time);
    return fail(Errc::Invalid, "\"" + std::string{text} +
                                   "\" is no time: write 2026-01-31T18:00:00Z or Unix seconds");
}

}  // namespace stile
