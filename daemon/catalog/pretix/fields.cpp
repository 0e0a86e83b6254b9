// SPDX-License-Identifier: Apache-2.0
// One rule for each kind of field: what decides must be understood, what is shown is cut to fit.
#include "daemon/catalog/pretix/fields.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/time_text.hpp"

namespace stile::pretix {
namespace {

constexpr WallTime kLast = std::chrono::sys_seconds{std::chrono::seconds{0xFFFF'FFFF}};

std::string cut(std::optional<std::string_view> text) {
    return std::string{utf8_head(text.value_or(""), kMaxText)};
}

}  // namespace

std::optional<WallTime> wall_time(std::string_view text) {
    const auto time = parse_rfc3339(text);
    if (!time || *time < WallTime{} || *time > kLast) return std::nullopt;
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
