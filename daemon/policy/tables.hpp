// SPDX-License-Identifier: Apache-2.0
// The sections of a policy document as they stand in the file (daemon/POLICY.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/config/document.hpp"

namespace stile::policy {

// A value and its line; 0: not in the file.
template <class T>
struct Placed {
    T value{};
    std::size_t line = 0;
    [[nodiscard]] bool is_given() const { return line != 0; }
};
using Text = Placed<std::string>;
using Texts = Placed<std::vector<std::string>>;
using Number = Placed<std::int64_t>;
using Numbers = Placed<std::vector<std::int64_t>>;
using Time = Placed<std::chrono::sys_seconds>;

struct HeadTable {
    Number version;
    Text name;
    Text venue;
    Texts gates;
    Text zone;
    Text other_products{"admit"};
};

struct FreshnessTable {
    Text when_stale{"admit"};
    Number max_age_minutes{24 * 60};
};

struct ClockTable {
    Text timed_unsynced{"admit"};
    Text timed_wrong{"flag"};
    Text other_unsynced{"admit"};
    Text other_wrong{"flag"};
};

// What a class or a product may say; a product's word is stronger.
struct TermsTable {
    Text assurance;
    Text group;
    Text reissue;
    Number release_ms;
    Text freshness;
    Number max_list_age_minutes;
    Texts slots;
    Numbers lists;
};

struct ClassTable {
    Text name;
    Texts exempt;
    TermsTable terms;
};

struct AreaTable {
    Text name;
    Number number;
    Text title;
    Text parent;
    Number capacity;
    Text passback{"off"};
    Number passback_minutes;
    Text parents{"lenient"};
    Text daily_reset;
    Texts exempt;
};

struct LaneTable {
    Text name;
    Text gate;
    Text direction{"entry"};
    Text from{"outside"};
    Text to{"outside"};
    Text list;
};

struct SlotTable {
    Text name;
    Texts days;
    Text from;
    Text to;
    Time begins;
    Time ends;
    Number early_minutes;
    Number late_minutes;
};

struct ProductTable {
    Text name;
    Number event;
    Numbers ids;
    Text class_name{"guest"};
    TermsTable terms;
};

struct ListTable {
    Text name;
    Number number;
    Number event;
    Texts products;
    Text reentry{"never"};
};

struct Tables {
    HeadTable head;
    FreshnessTable freshness;
    ClockTable clock;
    std::vector<ClassTable> classes;
    std::vector<AreaTable> areas;
    std::vector<LaneTable> lanes;
    std::vector<SlotTable> slots;
    std::vector<ProductTable> products;
    std::vector<ListTable> lists;
};

inline constexpr std::string_view kOutsideName = "outside";
inline constexpr std::string_view kGuestClass = "guest";

// Fills the tables. Returns what is wrong with single keys, by line.
[[nodiscard]] std::vector<config::Mistake> read_tables(const config::Document& document,
                                                       Tables& tables);

}  // namespace stile::policy
