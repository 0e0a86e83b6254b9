// SPDX-License-Identifier: Apache-2.0
// Moments and times of day as text: RFC 3339 and what other programs write for it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace stile {

// The years 0 to 9999, which these texts can name.
inline constexpr std::chrono::sys_time<std::chrono::milliseconds> kFirstMoment =
    std::chrono::sys_days{std::chrono::year{0} / 1 / 1};
inline constexpr std::chrono::sys_time<std::chrono::milliseconds> kLastMoment =
    std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1} - std::chrono::milliseconds{1};

// "2026-01-31T18:00:00Z", or with milliseconds "2026-01-31T18:00:00.250Z". Outside the years 0 to
// 9999: the nearest moment inside.
[[nodiscard]] std::string to_rfc3339(std::chrono::sys_seconds time);
[[nodiscard]] std::string to_rfc3339(std::chrono::sys_time<std::chrono::milliseconds> time);

// RFC 3339 of the years 0 to 9999, and its near relatives: the seconds may be missing, the offset
// may be +01, +0100 or +01:00 but must be there, T may be a space. A fraction is cut off after
// milliseconds. No leap seconds. Nothing for any other text.
[[nodiscard]] std::optional<std::chrono::sys_time<std::chrono::milliseconds>> parse_rfc3339(
    std::string_view text);

// "2026-01-31" as a day of the calendar, and "18:00" or "18:00:05.250" as the time since midnight.
[[nodiscard]] std::optional<std::chrono::year_month_day> parse_date(std::string_view text);
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_time_of_day(std::string_view text);

// A date and a time of day that name no place, between them a T or a space.
[[nodiscard]] std::optional<std::chrono::local_time<std::chrono::milliseconds>> parse_local_time(
    std::string_view text);

}  // namespace stile
