// SPDX-License-Identifier: Apache-2.0
// RFC 3339 or Unix seconds.
#include "daemon/stilectl/instant.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "crypto/base/time_text.hpp"

namespace stile {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

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

}  // namespace

Result<sys_seconds> parse_instant(std::string_view text) {
    if (const auto time = read_unix(text)) return *time;
    if (const auto time = parse_rfc3339(text)) return std::chrono::floor<seconds>(*time);
    return fail(Errc::Invalid, "\"" + std::string{text} +
                                   "\" is no time: write 2026-01-31T18:00:00Z or Unix seconds");
}

}  // namespace stile
