// SPDX-License-Identifier: Apache-2.0
// Calendar arithmetic by the standard library, digits by hand.
#include "crypto/base/time_text.hpp"

#include <algorithm>
#include <cstdint>

namespace stile {
namespace {

namespace chrono = std::chrono;
using chrono::milliseconds;
using Moment = chrono::sys_time<milliseconds>;

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Takes pieces from the front; a piece that is not there marks the whole text bad.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_{text} {}

    int digits(std::size_t count) {
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const char c = one();
            good_ = good_ && is_digit(c);
            value = value * 10 + (c - '0');
        }
        return good_ ? value : 0;
    }
    // A number below `limit`.
    int below(int limit) {
        const int value = digits(2);
        good_ = good_ && value < limit;
        return value;
    }
    void expect(std::string_view allowed) {
        const char c = one();
        good_ = good_ && allowed.find(c) != std::string_view::npos;
    }
    bool take(char wanted) {
        if (!rest_.starts_with(wanted)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    [[nodiscard]] char next() const { return rest_.empty() ? '\0' : rest_.front(); }
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool done() const { return good_ && rest_.empty(); }

private:
    char one() {
        const char c = next();
        good_ = good_ && !rest_.empty();
        if (!rest_.empty()) rest_.remove_prefix(1);
        return c;
    }

    std::string_view rest_;
    bool good_ = true;
};

milliseconds read_fraction(Scanner& in) {
    milliseconds value{0};
    if (!in.take('.') && !in.take(',')) return value;
    value += milliseconds{100 * in.digits(1)};  // at least one digit
    for (int unit = 10; is_digit(in.next()); unit /= 10)
        value += milliseconds{unit * in.digits(1)};
    return value;
}

milliseconds read_clock(Scanner& in) {
    const chrono::hours hour{in.below(24)};
    in.expect(":");
    const chrono::minutes minute{in.below(60)};
    if (!in.take(':')) return hour + minute;
    const chrono::seconds second{in.below(60)};
    return hour + minute + second + read_fraction(in);
}

chrono::year_month_day read_date(Scanner& in) {
    const chrono::year year{in.digits(4)};
    in.expect("-");
    const chrono::month month{static_cast<unsigned>(in.digits(2))};
    in.expect("-");
    const chrono::day day{static_cast<unsigned>(in.digits(2))};
    return {year, month, day};
}

chrono::minutes read_offset(Scanner& in) {
    if (in.take('Z') || in.take('z')) return chrono::minutes{0};
    const bool west = in.next() == '-';
    in.expect("+-");
    chrono::minutes offset = chrono::hours{in.below(24)};
    if (in.take(':') || in.next() != '\0') offset += chrono::minutes{in.below(60)};
    return west ? -offset : offset;
}

void write_digits(std::string& out, std::int64_t value, int count) {
    std::int64_t unit = 1;
    for (int i = 1; i < count; ++i)
        unit *= 10;
    for (; unit > 0; unit /= 10)
        out += static_cast<char>('0' + value / unit % 10);
}

// Up to the seconds, without the Z.
std::string write(Moment time) {
    const auto day = chrono::floor<chrono::days>(time);
    const chrono::year_month_day date{day};
    const chrono::hh_mm_ss clock{time - day};
    std::string out;
    out.reserve(sizeof "2026-01-31T18:00:00.250Z");
    write_digits(out, static_cast<int>(date.year()), 4);
    out += '-';
    write_digits(out, static_cast<unsigned>(date.month()), 2);
    out += '-';
    write_digits(out, static_cast<unsigned>(date.day()), 2);
    out += 'T';
    write_digits(out, clock.hours().count(), 2);
    out += ':';
    write_digits(out, clock.minutes().count(), 2);
    out += ':';
    write_digits(out, clock.seconds().count(), 2);
    return out;
}

}  // namespace

std::string to_rfc3339(chrono::sys_seconds time) {
    return write(std::clamp(time, chrono::ceil<chrono::seconds>(kFirstMoment),
                            chrono::floor<chrono::seconds>(kLastMoment))) +
           'Z';
}

std::string to_rfc3339(Moment time) {
    time = std::clamp(time, kFirstMoment, kLastMoment);
    std::string out = write(time) + '.';
    write_digits(out, (time - chrono::floor<chrono::seconds>(time)).count(), 3);
    return out + 'Z';
}

std::optional<Moment> parse_rfc3339(std::string_view text) {
    Scanner in{text};
    const auto date = read_date(in);
    in.expect("Tt ");
    const milliseconds clock = read_clock(in);
    const chrono::minutes offset = read_offset(in);
    if (!in.done() || !date.ok()) return std::nullopt;
    const Moment time = chrono::sys_days{date} + clock - offset;
    if (time < kFirstMoment || time > kLastMoment) return std::nullopt;
    return time;
}

std::optional<chrono::year_month_day> parse_date(std::string_view text) {
    Scanner in{text};
    const auto date = read_date(in);
    if (!in.done() || !date.ok()) return std::nullopt;
    return date;
}

std::optional<milliseconds> parse_time_of_day(std::string_view text) {
    Scanner in{text};
    const milliseconds clock = read_clock(in);
    if (!in.done()) return std::nullopt;
    return clock;
}

std::optional<chrono::local_time<milliseconds>> parse_local_time(std::string_view text) {
    Scanner in{text};
    const auto date = read_date(in);
    in.expect("Tt ");
    const milliseconds clock = read_clock(in);
    if (!in.done() || !date.ok()) return std::nullopt;
    return chrono::local_days{date} + clock;
}

}  // namespace stile
