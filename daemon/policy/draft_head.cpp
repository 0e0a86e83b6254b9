// SPDX-License-Identifier: Apache-2.0
// Names, zone, doubts and classes.
#include <fmt/format.h>

#include "crypto/base/time_text.hpp"
#include "crypto/zone/zone.hpp"
#include "daemon/policy/draft.hpp"

namespace stile::policy {
namespace {

Doubt doubt_of(const Text& text) {
    if (text.value == "refuse") return Doubt::Refuse;
    return text.value == "flag" ? Doubt::Flag : Doubt::Admit;
}

void put_zone(Draft& draft) {
    const Text& zone = draft.tables.head.zone;
    if (!zone.is_given()) return;
    draft.policy.zone_name = zone.value;
    auto table = crypto::zone_table(zone.value);
    if (!table) return draft.wrong(zone, "policy.zone", table.error().context);
    draft.policy.zone = Zone{std::move(*table)};
}

void check_place(Draft& draft) {
    const HeadTable& head = draft.tables.head;
    const PolicyPlace& place = draft.place;
    if (place.venue.empty()) return;
    if (!head.venue.value.empty() && head.venue.value != place.venue) {
        draft.wrong(head.venue, "policy.venue",
                    fmt::format("this policy is for \"{}\", and this gate is at \"{}\"",
                                head.venue.value, place.venue));
    }
    const auto& gates = head.gates.value;
    if (!gates.empty() && std::ranges::find(gates, place.gate) == gates.end()) {
        draft.wrong(head.gates, "policy.gates",
                    fmt::format("this gate, \"{}\", is not among them", place.gate));
    }
}

void put_exempt(Draft& draft, const ClassTable& row, std::size_t number) {
    const ClassSet bit = ClassSet{1} << number;
    for (const std::string& from : row.exempt.value)
        (from == "passback" ? draft.policy.passback_exempt : draft.policy.capacity_exempt) |= bit;
}

}  // namespace

void put_head(Draft& draft) {
    const Tables& tables = draft.tables;
    AccessPolicy& policy = draft.policy;
    if (!tables.head.version.is_given() && !tables.head.name.is_given()) {
        draft.mistakes.push_back(
            {1, "policy", "missing: begin with [policy], a version and a name"});
    }
    policy.version = static_cast<std::uint64_t>(tables.head.version.value);
    policy.name = tables.head.name.value;
    if (tables.head.other_products.value == "refuse") policy.other_products.reset();
    policy.freshness = {doubt_of(tables.freshness.when_stale),
                        std::chrono::minutes{tables.freshness.max_age_minutes.value}};
    policy.clock = {doubt_of(tables.clock.timed_unsynced), doubt_of(tables.clock.timed_wrong),
                    doubt_of(tables.clock.other_unsynced), doubt_of(tables.clock.other_wrong)};
    put_zone(draft);
    check_place(draft);
}

void put_classes(Draft& draft) {
    const auto& rows = draft.tables.classes;
    check_names(draft, rows, "class");
    auto& classes = draft.policy.classes;
    classes.clear();
    if (named(rows, kGuestClass) == nullptr) classes.emplace_back(kGuestClass);
    for (const ClassTable& row : rows) {
        put_exempt(draft, row, classes.size());
        classes.push_back(row.name.value);
    }
}

std::optional<std::uint8_t> class_number(const Draft& draft, std::string_view name) {
    const auto& classes = draft.policy.classes;
    const auto found = std::ranges::find(classes, name);
    if (found == classes.end()) return std::nullopt;
    return static_cast<std::uint8_t>(found - classes.begin());
}

ClassSet class_set(Draft& draft, const Texts& names, std::string_view key) {
    ClassSet set = 0;
    for (const std::string& name : names.value) {
        if (const auto number = class_number(draft, name)) {
            set |= ClassSet{1} << *number;
        } else {
            draft.wrong(names, key, fmt::format("there is no [[class]] \"{}\"", name));
        }
    }
    return set;
}

std::chrono::minutes time_of_day(Draft& draft, const Text& text, std::string_view key) {
    const auto time = parse_time_of_day(text.value);
    if (time && *time % std::chrono::minutes{1} == std::chrono::minutes{0})
        return std::chrono::duration_cast<std::chrono::minutes>(*time);
    draft.wrong(text, key,
                fmt::format("\"{}\" is no time of day from \"00:00\" to \"23:59\"", text.value));
    return {};
}

void need_zone(Draft& draft, const Text& because, std::string_view key) {
    if (draft.tables.head.zone.is_given()) return;
    draft.wrong(because, key,
                "by whose clock? Name the zone in [policy], for example zone = \"Europe/Berlin\"");
}

}  // namespace stile::policy
