// SPDX-License-Identifier: Apache-2.0
// One rule for each kind of field: what decides must be understood, what is shown is cut to fit.
#include "daemon/catalog/pretix/fields.hpp"

#include <algorithm>
#include <charconv>

#include "crypto/base/bytes.hpp"

namespace stile::pretix {
namespace {

using namespace std::chrono;  // NOLINT(google-build-using-namespace): calendar arithmetic

constexpr WallTime kLast = sys_seconds{seconds{0xFFFF'FFFF}};

// Takes pieces from the front; a piece that is not there marks the whole text bad.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_{text} {}

    int digits(std::size_t count) {
        const std::string_view part = rest_.substr(0, count);
        int value = 0;
        const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        good_ = good_ && part.size() == count && error == std::errc{} &&
                stop == part.data() + count && part.front() != '-';
        rest_.remove_prefix(part.size());
        return value;
    }
    char one_of(std::string_view allowed) {
        const char c = rest_.empty() ? '\0' : rest_.front();
        good_ = good_ && !rest_.empty() && allowed.find(c) != std::string_view::npos;
        if (!rest_.empty()) rest_.remove_prefix(1);
        return c;
    }
    // Further digits are cut off.
    milliseconds fraction() {
        if (!rest_.starts_with('.')) return {};
        rest_.remove_prefix(1);
        const auto size = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
        good_ = good_ && size > 0;
        int value = 0;
        for (std::size_t i = 0; i < 3; ++i)
            value = 10 * value + (i < size ? rest_[i] - '0' : 0);
        rest_.remove_prefix(size);
        return milliseconds{value};
    }
    minutes zone() {
        const char sign = one_of("Zz+-");
        if (sign != '+' && sign != '-') return {};
        const hours hour{digits(2)};
        (void)one_of(":");
        const minutes offset = hour + minutes{digits(2)};
        good_ = good_ && offset < hours{24};
        return sign == '-' ? -offset : offset;
    }
    [[nodiscard]] bool done() const { return good_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool good_ = true;
};

std::string cut(std::optional<std::string_view> text) {
    return std::string{utf8_head(text.value_or(""), kMaxText)};
}

}  // namespace

std::optional<WallTime> wall_time(std::string_view text) {
    Scanner in{text};
    const year y{in.digits(4)};
    (void)in.one_of("-");
    const month m{static_cast<unsigned>(in.digits(2))};
    (void)in.one_of("-");
    const day d{static_cast<unsigned>(in.digits(2))};
    (void)in.one_of("Tt ");
    const hours hour{in.digits(2)};
    (void)in.one_of(":");
    const minutes minute{in.digits(2)};
    (void)in.one_of(":");
    const seconds second{in.digits(2)};
    const milliseconds fraction = in.fraction();
    const minutes offset = in.zone();
    const year_month_day date{y, m, d};
    if (!in.done() || !date.ok() || hour >= hours{24} || minute >= hours{1} || second >= minutes{1})
        return std::nullopt;
    const WallTime time = sys_days{date} + hour + minute + second + fraction - offset;
    if (time < WallTime{} || time > kLast) return std::nullopt;
    return time;
}

std::uint64_t Fields::id(std::string_view name) {
    const auto number = at(name).number();
    good_ = good_ && number && *number != 0;
    return number.value_or(0);
}

std::uint64_t Fields::optional_id(std::string_view name) {
    return at(name).none() ? 0 : id(name);
}

std::vector<std::uint64_t> Fields::ids(std::string_view name) {
    const JsonView list = at(name);
    std::vector<std::uint64_t> out;
    if (list.none()) return out;
    good_ = good_ && list.is_array();
    for (std::size_t i = 0; i < list.size() && list.is_array(); ++i) {
        const auto number = list.element(i).number();
        good_ = good_ && number && *number != 0;
        if (number) out.push_back(*number);
    }
    return out;
}

bool Fields::flag(std::string_view name) {
    if (at(name).none()) return false;
    const auto value = at(name).flag();
    good_ = good_ && value.has_value();
    return value.value_or(false);
}

std::optional<WallTime> Fields::time(std::string_view name) {
    if (at(name).none()) return std::nullopt;
    const auto text = at(name).text();
    const auto value = text ? wall_time(*text) : std::nullopt;
    good_ = good_ && value.has_value();
    return value;
}

std::string Fields::exact(std::string_view name, std::size_t limit) {
    if (at(name).none()) return {};
    const auto text = at(name).text();
    const bool fits = text && text->size() <= limit;
    good_ = good_ && fits;
    return fits ? std::string{*text} : std::string{};
}

EventTimes Fields::event_times() {
    return {.from = time("date_from"), .to = time("date_to"), .admission = time("date_admission")};
}

std::string Fields::words(std::string_view name) const {
    return cut(at(name).text());
}

std::string Fields::name(std::string_view name) const {
    const JsonView value = at(name);
    if (!value.is_object()) return words(name);
    const auto english = value.at("en").text();
    return cut(english ? english : value.first_member().text());
}

bool Fields::warning(std::string_view name) const {
    return !at(name).none() && at(name).flag().value_or(true);
}

}  // namespace stile::pretix
