// SPDX-License-Identifier: Apache-2.0
// A policy in the making: each part of the document is put into it, and what is wrong is noted.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/policy/access_policy.hpp"
#include "daemon/policy/policy_document.hpp"
#include "daemon/policy/tables.hpp"

namespace stile::policy {

struct Draft {
    const Tables& tables;
    const PolicyPlace& place;
    AccessPolicy policy;
    std::vector<Slot> slots;  // all of the document, as they stand there
    std::vector<config::Mistake> mistakes;
    std::vector<config::Mistake> warnings;

    template <class T>
    void wrong(const Placed<T>& where, std::string_view key, std::string what) {
        mistakes.push_back({where.line, std::string{key}, std::move(what)});
    }
    template <class T>
    void odd(const Placed<T>& where, std::string_view key, std::string what) {
        warnings.push_back({where.line, std::string{key}, std::move(what)});
    }
};

// In this order: each may look at what those before it have put in.
void put_head(Draft& draft);  // names, zone, freshness, clock
void put_classes(Draft& draft);
void put_areas(Draft& draft);
void put_slots(Draft& draft);
void put_products(Draft& draft);
void put_lists(Draft& draft);
void put_lanes(Draft& draft);
// Of a document without mistakes.
void warn(Draft& draft);

// The first row of that name; null when there is none.
template <class Row>
[[nodiscard]] const Row* named(const std::vector<Row>& rows, std::string_view name) {
    const auto found =
        std::ranges::find_if(rows, [name](const Row& row) { return row.name.value == name; });
    return found == rows.end() ? nullptr : &*found;
}

// Notes rows that have the name of one before them.
template <class Row>
void check_names(Draft& draft, const std::vector<Row>& rows, std::string_view section) {
    for (const Row& row : rows) {
        const Row* first = named(rows, row.name.value);
        if (first == &row || !row.name.is_given()) continue;
        draft.wrong(row.name, std::string{section} + ".name",
                    "\"" + row.name.value + "\" is in line " + std::to_string(first->name.line) +
                        " already: give each its own name");
    }
}

// "a, b, c"; for messages that say what there is.
template <class Row>
[[nodiscard]] std::string names_of(const std::vector<Row>& rows) {
    std::string names;
    for (const Row& row : rows)
        names += (names.empty() ? "" : ", ") + row.name.value;
    return names.empty() ? "none" : names;
}

// "06:00" as minutes after midnight; notes anything else.
[[nodiscard]] std::chrono::minutes time_of_day(Draft& draft, const Text& text,
                                               std::string_view key);
// The bits of these classes; notes those that there are not.
[[nodiscard]] ClassSet class_set(Draft& draft, const Texts& names, std::string_view key);
// Nothing: there is no such class.
[[nodiscard]] std::optional<std::uint8_t> class_number(const Draft& draft, std::string_view name);
// Notes it when times of day are used and no zone says whose.
void need_zone(Draft& draft, const Text& because, std::string_view key);

}  // namespace stile::policy
