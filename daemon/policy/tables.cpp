// SPDX-License-Identifier: Apache-2.0
// The fields of each section, with what they may hold.
#include "daemon/policy/tables.hpp"

#include <fmt/format.h>

#include "daemon/core/policy/area.hpp"

namespace stile::policy {
namespace {

using config::Field;
using config::Fields;
using config::Need;
using config::Section;
using Form = Field::Form;

constexpr std::int64_t kU32 = 0xFFFF'FFFF;
constexpr std::int64_t kMostPeople = 10'000'000;
constexpr std::int64_t kYearInMinutes = std::int64_t{366} * 24 * 60;
constexpr std::int64_t kDayInMinutes = 24 * 60;

template <class T>
Field field(std::string_view key, Placed<T>& to, Field like = {}) {
    like.key = key;
    like.target = &to.value;
    like.line = &to.line;
    return like;
}

Field name_field(Text& to) {
    return field("name", to, {.need = Need::Required, .form = Form::Name});
}

Field doubt_field(std::string_view key, Text& to) {
    return field(key, to, {.one_of = {"admit", "flag", "refuse"}});
}

Fields fields(HeadTable& t) {
    return {field("version", t.version, {.need = Need::Required, .least = 1}),
            field("name", t.name, {.need = Need::Required, .form = Form::Filled}),
            field("venue", t.venue, {.form = Form::Name}),
            field("gates", t.gates, {.form = Form::Name}),
            field("zone", t.zone, {.form = Form::Filled}),
            field("other_products", t.other_products, {.one_of = {"admit", "refuse"}})};
}

Fields fields(FreshnessTable& t) {
    return {doubt_field("when_stale", t.when_stale),
            field("max_age_minutes", t.max_age_minutes, {.least = 0, .most = kYearInMinutes})};
}

Fields fields(ClockTable& t) {
    return {
        doubt_field("timed_unsynced", t.timed_unsynced), doubt_field("timed_wrong", t.timed_wrong),
        doubt_field("other_unsynced", t.other_unsynced), doubt_field("other_wrong", t.other_wrong)};
}

Fields with_terms(Fields first, TermsTable& t) {
    const Fields terms{
        field("assurance", t.assurance, {.one_of = {"A0", "A1", "A2", "A3", "A4"}}),
        field("group", t.group, {.one_of = {"one-by-one", "together"}}),
        field("reissue", t.reissue, {.one_of = {"counts", "replaces"}}),
        field("release_ms", t.release_ms, {.least = 500, .most = 120'000}),
        doubt_field("freshness", t.freshness),
        field("max_list_age_minutes", t.max_list_age_minutes, {.least = 0, .most = kYearInMinutes}),
        field("slots", t.slots, {.form = Form::Name}),
        field("lists", t.lists, {.least = 0})};
    first.insert(first.end(), terms.begin(), terms.end());
    return first;
}

Fields fields(ClassTable& t) {
    return with_terms(
        {name_field(t.name), field("exempt", t.exempt, {.one_of = {"passback", "capacity"}})},
        t.terms);
}

Fields fields(AreaTable& t) {
    return {name_field(t.name),
            field("number", t.number, {.need = Need::Required, .least = 1, .most = kU32}),
            field("title", t.title, {.form = Form::Filled}),
            field("parent", t.parent, {.form = Form::Name}),
            field("capacity", t.capacity, {.least = 0, .most = kMostPeople}),
            field("passback", t.passback, {.one_of = {"off", "soft", "timed", "hard"}}),
            field("passback_minutes", t.passback_minutes, {.least = 1, .most = kYearInMinutes}),
            field("parents", t.parents, {.one_of = {"lenient", "strict"}}),
            field("daily_reset", t.daily_reset),
            field("exempt", t.exempt, {.form = Form::Name})};
}

Fields fields(LaneTable& t) {
    return {name_field(t.name),
            field("gate", t.gate, {.form = Form::Name}),
            field("direction", t.direction, {.one_of = {"entry", "exit"}}),
            field("from", t.from, {.form = Form::Name}),
            field("to", t.to, {.form = Form::Name}),
            field("list", t.list, {.form = Form::Name})};
}

Fields fields(SlotTable& t) {
    return {name_field(t.name),
            field("days", t.days, {.one_of = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}}),
            field("from", t.from),
            field("to", t.to),
            field("begins", t.begins),
            field("ends", t.ends),
            field("early_minutes", t.early_minutes, {.least = 0, .most = kDayInMinutes}),
            field("late_minutes", t.late_minutes, {.least = 0, .most = kDayInMinutes})};
}

Fields fields(ProductTable& t) {
    return with_terms(
        {name_field(t.name), field("event", t.event, {.least = 0, .most = kU32}),
         field("ids", t.ids, {.least = 0}), field("class", t.class_name, {.form = Form::Name})},
        t.terms);
}

Fields fields(ListTable& t) {
    return {name_field(t.name), field("number", t.number, {.least = 0}),
            field("event", t.event, {.least = 1, .most = kU32}),
            field("products", t.products, {.form = Form::Name}),
            field("reentry", t.reentry, {.one_of = {"never", "after-exit", "always"}})};
}

template <class T>
Section one(std::string_view name, T& table) {
    return {name, [&table] { return fields(table); }, Section::Count::One};
}

template <class T>
Section many(std::string_view name, std::vector<T>& list) {
    return {name, [&list] { return fields(list.emplace_back()); }, Section::Count::List};
}

// So many, that a document of a megabyte is still read in a moment.
template <class T>
void limit(std::vector<T>& rows, std::size_t most, std::string_view section,
           std::vector<config::Mistake>& mistakes) {
    if (rows.size() <= most) return;
    mistakes.push_back({rows[most].name.line, std::string{section},
                        fmt::format("this is one more than {}", most)});
    rows.resize(most);
}

}  // namespace

std::vector<config::Mistake> read_tables(const config::Document& document, Tables& tables) {
    auto mistakes = document.mistakes_in(
        {one("policy", tables.head), one("freshness", tables.freshness), one("clock", tables.clock),
         many("class", tables.classes), many("area", tables.areas), many("lane", tables.lanes),
         many("slot", tables.slots), many("product", tables.products), many("list", tables.lists)});
    limit(tables.classes, 63, "class", mistakes);  // and "guest"
    limit(tables.areas, kMostAreas, "area", mistakes);
    limit(tables.lanes, 1000, "lane", mistakes);
    limit(tables.slots, 1000, "slot", mistakes);
    limit(tables.products, 1000, "product", mistakes);
    limit(tables.lists, 100, "list", mistakes);
    return mistakes;
}

}  // namespace stile::policy
