// SPDX-License-Identifier: Apache-2.0
// Distances from now to seconds.
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

Result<sys_seconds> parse_utc_seconds(std::string_view text) {
    if (const auto time = parse_rfc3339(text)) {
        const auto whole = std::chrono::floor<seconds>(*time);
        if (to_rfc3339(whole) == text) return whole;
    }
    return fail(Errc::Invalid, fmt::format("\"{}\" is no time like 2026-01-31T18:00:00Z", text));
}

Result<sys_seconds> parse_time(std::string_view text, sys_seconds now) {
    if (text == "now") return now;
    if (const auto away = distance(text)) return now + *away;
    if (auto time = parse_utc_seconds(text)) return time;
    return fail(
        Errc::Invalid,
        fmt::format("\"{}\" is no time: write 2026-01-31T18:00:00Z (UTC), or a distance from "
                    "now like +2h, -30m, +7d",
                    text));
}

}  // namespace stile::crypto
