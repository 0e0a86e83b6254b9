// SPDX-License-Identifier: Apache-2.0
// The operators and variables of access lists: identities, times, and earlier entries.
#include <algorithm>
#include <cmath>

#include "crypto/base/time_text.hpp"
#include "daemon/core/rules/coerce.hpp"
#include "daemon/core/rules/operators.hpp"

namespace stile::rules {
namespace {

namespace chrono = std::chrono;

Value count(std::size_t number) {
    return static_cast<double>(number);
}

Outcome name_of_thing(std::uint64_t id) {
    if (id == 0) return Value{Null{}};
    // Larger ones would be rounded, and two of them could look the same.
    if (id >= (std::uint64_t{1} << 53)) return failed(Fault::BadArgument);
    return count(id);
}

Outcome on_the_calendar(Variable variable, const Facts& facts) {
    if (facts.zone == nullptr) return failed(Fault::NoFact);
    if (variable == Variable::IsoWeekday) return count(facts.zone->iso_weekday(facts.now));
    if (variable == Variable::EntriesDays)
        return count(count_days(facts.visits, *facts.zone, Side::Since, WallTime::min()));
    const WallTime midnight = facts.zone->start_of_day(facts.zone->date(facts.now));
    return count(count_entries(facts.visits, Side::Since, midnight));
}

// A moment, or where there is no gate the text of one.
std::expected<WallTime, Failure> moment(const Value& value, const Machine& machine) {
    if (const auto* time = value.as<WallTime>())
        return std::clamp(*time, kFirstMoment, kLastMoment);
    const auto* text = value.as<std::string_view>();
    const auto parsed = text != nullptr && machine.facts == nullptr ? parse_rfc3339(*text)
                                                                    : std::optional<WallTime>{};
    if (!parsed) return failed(Fault::BadArgument);
    return *parsed;
}

// Minutes; nothing means none.
std::expected<chrono::milliseconds, Failure> tolerance(const Value& value) {
    if (!truthy(value)) return chrono::milliseconds{0};
    constexpr double kMost = 60.0 * 24 * 366 * 1000;  // a thousand years
    const double minutes = number_of(value);
    if (value.is<WallTime>() || !(std::abs(minutes) <= kMost)) return failed(Fault::BadArgument);
    return chrono::milliseconds{std::llround(minutes * 60'000)};
}

Outcome is_before_or_after(Op op, Args args, const Machine& machine) {
    const auto a = moment(argument(args, 0), machine);
    const auto b = moment(argument(args, 1), machine);
    const auto slack = tolerance(argument(args, 2));
    if (!a) return std::unexpected{a.error()};
    if (!b) return std::unexpected{b.error()};
    if (!slack) return std::unexpected{slack.error()};
    return Value{op == Op::IsBefore ? *a - *slack < *b : *a + *slack > *b};
}

Outcome event_time(std::string_view kind, const EventTimes& times) {
    std::optional<WallTime> time = times.from;
    if (kind == "date_to" && times.to) time = times.to;
    if (kind == "date_admission" && times.admission) time = times.admission;
    if (!time) return failed(Fault::NoFact);
    return Value{*time};
}

Outcome build_time(Args args, const Machine& machine) {
    const Value first = argument(args, 0);
    const auto* kind = first.as<std::string_view>();
    if (kind == nullptr) return failed(Fault::BadArgument);
    if (*kind == "custom") return custom_time(argument(args, 1));
    const bool is_event = *kind == "date_from" || *kind == "date_to" || *kind == "date_admission";
    if (!is_event && *kind != "customtime") return failed(Fault::BadArgument);
    if (machine.facts == nullptr) return failed(Fault::NotAGate);
    if (is_event) return event_time(*kind, machine.facts->times);
    const Value second = argument(args, 1);
    const auto* text = second.as<std::string_view>();
    const auto time = text == nullptr ? std::nullopt : parse_time_of_day(*text);
    if (!time) return failed(Fault::BadArgument);
    return time_today(*time, *machine.facts);
}

Outcome entries(Op op, Args args, Machine& machine) {
    if (machine.facts == nullptr) return failed(Fault::NotAGate);
    const Facts& facts = *machine.facts;
    if (!machine.spend(facts.visits.size())) return failed(Fault::TooMuchWork);
    const auto time = moment(argument(args, 0), machine);
    if (!time) return std::unexpected{time.error()};
    const bool since = op == Op::EntriesSince || op == Op::EntriesDaysSince;
    const Side side = since ? Side::Since : Side::Before;
    if (op == Op::EntriesSince || op == Op::EntriesBefore)
        return count(count_entries(facts.visits, side, *time));
    if (facts.zone == nullptr) return failed(Fault::NoFact);
    return count(count_days(facts.visits, *facts.zone, side, *time));
}

// 1 and "1" are the same thing. Other texts are compared as they stand.
Outcome in_list(Args args) {
    const Value list = argument(args, 1);
    const auto* items = list.as<List>();
    if (items == nullptr) return failed(Fault::BadArgument);
    const Value wanted = argument(args, 0);
    const auto id = id_of(wanted);
    return Value{std::ranges::any_of(items->span(), [&](const Value& item) {
        return id ? id_of(item) == id : same(item, wanted);
    })};
}

}  // namespace

Outcome custom_time(const Value& text) {
    const auto* written = text.as<std::string_view>();
    const auto time = written == nullptr ? std::nullopt : parse_rfc3339(*written);
    if (!time) return failed(Fault::BadArgument);
    return Value{*time};
}

Outcome looked_up(Args args) {
    const auto id = id_of(argument(args, 1));
    if (!id) return failed(Fault::BadArgument);
    return count(*id);
}

Outcome time_today(chrono::milliseconds time_of_day, const Facts& facts) {
    if (facts.zone == nullptr) return failed(Fault::NoFact);
    return Value{facts.zone->instant(LocalTime{facts.zone->date(facts.now)} + time_of_day)};
}

Outcome value_of(Variable variable, const Facts& facts) {
    switch (variable) {
        case Variable::Now:
            return Value{facts.now};
        case Variable::Product:
            return name_of_thing(facts.product);
        case Variable::Variation:
            return name_of_thing(facts.variation);
        case Variable::Gate:
            return name_of_thing(facts.gate);
        case Variable::IsoWeekday:
        case Variable::EntriesToday:
        case Variable::EntriesDays:
            return on_the_calendar(variable, facts);
        case Variable::EntriesNumber:
            return count(count_entries(facts.visits, Side::Since, WallTime::min()));
        case Variable::MinutesSinceLastEntry:
            return static_cast<double>(minutes_since(facts.visits, Which::Last, facts.now));
        case Variable::MinutesSinceFirstEntry:
            return static_cast<double>(minutes_since(facts.visits, Which::First, facts.now));
        case Variable::EntryStatus:
            return Value{std::string_view{is_present(facts.visits) ? "present" : "absent"}};
    }
    return failed(Fault::UnknownVariable);
}

Outcome apply_gate(Op op, Args args, Machine& machine) {
    if (op == Op::InList) return in_list(args);
    if (op == Op::Lookup) return looked_up(args);
    if (op == Op::BuildTime) return build_time(args, machine);
    if (op == Op::IsBefore || op == Op::IsAfter) return is_before_or_after(op, args, machine);
    if (op == Op::ObjectList) return machine.store.list(args);
    return entries(op, args, machine);
}

}  // namespace stile::rules
