// SPDX-License-Identifier: Apache-2.0
// Calendar dates to seconds and back.
#include "crypto/issue/time_text.hpp"

#include <optional>

#include <fmt/format.h>

#include "crypto/issue/words.hpp"

namespace stile::crypto {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

// A thousand years: far beyond any ticket, and no sum with it can overflow.
constexpr std::int64_t kMaxDistance = 366LL * 86400 * 1000;

// The number that fills text[at, at + size) with digits alone.
std::optional<unsigned> digits(std::string_view text, std::size_t at, std::size_t size) {
    const std::string_view part = text.substr(at, size);
    if (part.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    return parse_number<unsigned>(part);
}

std::optional<std::int64_t> unit_seconds(char unit) {
    switch (unit) {
        case 's':
            return 1;
        case 'm':
            return 60;
        case 'h':
            return 3600;
        case 'd':
            return 86400;
        default:
            return std::nullopt;
    }
}

std::optional<seconds> distance(std::string_view text) {
    if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    const auto count = parse_number<std::uint32_t>(text.substr(1, text.size() - 2));
    const auto unit = unit_seconds(text.back());
    if (!count || !unit || *count * *unit > kMaxDistance) return std::nullopt;
    return seconds{text[0] == '-' ? -(*count * *unit) : *count * *unit};
}

}  // namespace

std::string to_rfc3339(sys_seconds time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

Result<sys_seconds> parse_rfc3339(std::string_view text) {
    const auto bad = [&] {
        return fail(Errc::Invalid,
                    fmt::format("\"{}\" is no time like 2026-01-31T18:00:00Z", text));
    };
    if (text.size() != 20) return bad();
    const auto year = digits(text, 0, 4);
    const auto month = digits(text, 5, 2);
    const auto day = digits(text, 8, 2);
    const auto hour = digits(text, 11, 2);
    const auto minute = digits(text, 14, 2);
    const auto second = digits(text, 17, 2);
    if (!year || !month || !day || !hour || !minute || !second) return bad();
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)},
                                           std::chrono::month{*month}, std::chrono::day{*day}};
    if (!date.ok()) return bad();
    const sys_seconds time = std::chrono::sys_days{date} + std::chrono::hours{*hour} +
                             std::chrono::minutes{*minute} + seconds{*second};
    // Written back it must be the same: that covers punctuation, 24:00 and second 60 at once.
    if (to_rfc3339(time) != text) return bad();
    return time;
}

Result<sys_seconds> parse_time(std::string_view text, sys_seconds now) {
    if (text == "now") return now;
    if (const auto away = distance(text)) return now + *away;
    if (auto time = parse_rfc3339(text)) return time;
    return fail(
        Errc::Invalid,
        fmt::format("\"{}\" is no time: write 2026-01-31T18:00:00Z (UTC), or a distance from "
                    "now like +2h, -30m, +7d",
                    text));
}

}  // namespace stile::crypto
