// SPDX-License-Identifier: Apache-2.0
// Calendar dates to seconds.
#include "daemon/stilectl/instant.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace stile {
namespace {

using namespace std::chrono;  // NOLINT(google-build-using-namespace): calendar arithmetic

constexpr std::int64_t kFirst = -62'167'219'200;  // 0000-01-01T00:00:00Z
constexpr std::int64_t kLast = 253'402'300'799;   // 9999-12-31T23:59:59Z

// Takes pieces from the front; a piece that is not there marks the whole text bad.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_{text} {}

    int digits(std::size_t count) {
        int value = 0;
        const std::string_view part = rest_.substr(0, count);
        const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        const bool whole = part.size() == count && stop == part.data() + count;
        good_ = good_ && error == std::errc{} && whole && part.front() != '-';
        rest_.remove_prefix(part.size());
        return value;
    }
    char one_of(std::string_view allowed) {
        const char c = rest_.empty() ? '\0' : rest_.front();
        good_ = good_ && !rest_.empty() && allowed.find(c) != std::string_view::npos;
        if (!rest_.empty()) rest_.remove_prefix(1);
        return c;
    }
    void fraction() {
        if (!rest_.starts_with('.')) return;
        rest_.remove_prefix(1);
        const auto size = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
        good_ = good_ && size > 0;
        rest_.remove_prefix(size);
    }
    [[nodiscard]] bool done() const { return good_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool good_ = true;
};

minutes read_offset(Scanner& in) {
    const char sign = in.one_of("Zz+-");
    if (sign != '+' && sign != '-') return minutes{0};
    const int hour = in.digits(2);
    (void)in.one_of(":");
    const int minute = in.digits(2);
    const minutes offset = hours{hour} + minutes{minute};
    return sign == '-' ? -offset : offset;
}

std::optional<sys_seconds> read_rfc3339(std::string_view text) {
    Scanner in{text};
    const year y{in.digits(4)};
    (void)in.one_of("-");
    const month m{static_cast<unsigned>(in.digits(2))};
    (void)in.one_of("-");
    const day d{static_cast<unsigned>(in.digits(2))};
    (void)in.one_of("Tt ");
    const int hour = in.digits(2);
    (void)in.one_of(":");
    const int minute = in.digits(2);
    (void)in.one_of(":");
    const int second = in.digits(2);
    in.fraction();
    const minutes offset = read_offset(in);
    const year_month_day date{y, m, d};
    if (!in.done() || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return sys_days{date} + hours{hour} + minutes{minute} + seconds{second} - offset;
}

std::optional<sys_seconds> read_unix(std::string_view text) {
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
    if (value < kFirst || value > kLast) return std::nullopt;
    return sys_seconds{seconds{value}};
}

}  // namespace

Result<sys_seconds> parse_instant(std::string_view text) {
    if (const auto time = read_unix(text)) return *time;
    if (const auto time = read_rfc3339(text)) return *time;
    return fail(Errc::Invalid, "\"" + std::string{text} +
                                   "\" is no time: write 2026-01-31T18:00:00Z or Unix seconds");
}

}  // namespace stile
