// SPDX-License-Identifier: Apache-2.0
// Numbers, days and times of day as people read them.
#include "daemon/core/policy/words.hpp"

#include <algorithm>
#include <charconv>

namespace stile {
namespace {

constexpr std::array<std::string_view, 7> kDays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};

bool continues_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

void add_two_digits(Words& words, std::int64_t number) {
    if (number < 10) words << "0";
    words << static_cast<std::uint64_t>(number);
}

void add_day(Words& words, std::chrono::local_days day, std::chrono::local_days today) {
    const auto ahead = day - today;
    if (ahead == std::chrono::days{0}) return;
    words << "on ";
    if (ahead > std::chrono::days{0} && ahead < std::chrono::days{7}) {
        words << kDays[std::chrono::weekday{day}.c_encoding()] << " ";
        return;
    }
    const std::chrono::year_month_day date{day};
    words << unsigned{date.day()} << " " << kMonths[unsigned{date.month()} - 1] << " ";
}

}  // namespace

Words& Words::operator<<(std::string_view text) {
    std::size_t fits = std::min(text.size(), chars_.size() - size_);
    while (fits > 0 && fits < text.size() && continues_character(text[fits]))
        --fits;
    std::ranges::copy(text.substr(0, fits), chars_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += fits;
    return *this;
}

Words& Words::operator<<(std::uint64_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
    return *this << std::string_view{digits.begin(), end};
}

void add_time(Words& words, WallTime time, WallTime now, const Zone& zone) {
    const LocalTime local = zone.local(time);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    add_day(words, day, zone.date(now));
    const auto minutes = std::chrono::floor<std::chrono::minutes>(local - day).count();
    words << "at ";
    add_two_digits(words, minutes / 60);
    words << ":";
    add_two_digits(words, minutes % 60);
}

}  // namespace stile
