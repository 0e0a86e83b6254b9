// SPDX-License-Identifier: Apache-2.0
// The phrases, one a kind of condition.
#include "daemon/core/rules/condition.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "crypto/base/time_text.hpp"
#include "daemon/core/rules/coerce.hpp"
#include "daemon/core/rules/evaluate.hpp"

namespace stile::rules {
namespace {

namespace chrono = std::chrono;

void append_digits(std::string& out, unsigned value) {
    if (value < 10) out += '0';
    out += std::to_string(value);
}

// "18:00" today, "2020-01-01 18:00" on other days.
std::string clock_text(WallTime time, const Facts& facts) {
    const Zone utc;
    const Zone& zone = facts.zone == nullptr ? utc : *facts.zone;
    const LocalTime local = zone.local(time);
    const auto day = chrono::floor<chrono::days>(local);
    const chrono::hh_mm_ss clock{local - day};
    std::string out;
    if (day != zone.date(facts.now)) {
        const chrono::year_month_day date{day};
        out = std::to_string(static_cast<int>(date.year())) + '-';
        append_digits(out, static_cast<unsigned>(date.month()));
        out += '-';
        append_digits(out, static_cast<unsigned>(date.day()));
        out += ' ';
    }
    append_digits(out, static_cast<unsigned>(clock.hours().count()));
    out += ':';
    append_digits(out, static_cast<unsigned>(clock.minutes().count()));
    return out;
}

std::string plural(double count, std::string_view thing, std::string_view things) {
    return std::string{text_of(count).view()} + ' ' + std::string{count == 1 ? thing : things};
}

// The other way round, for a constant on the left: 3 > x is x < 3.
Op mirrored(Op op) {
    if (op == Op::Less) return Op::Greater;
    if (op == Op::LessEqual) return Op::GreaterEqual;
    if (op == Op::Greater) return Op::Less;
    return op == Op::GreaterEqual ? Op::LessEqual : op;
}

bool is_equality(Op op) {
    return op == Op::Equal || op == Op::Same;
}

bool holds(Op op, double a, double b) {
    if (op == Op::Less) return a < b;
    if (op == Op::LessEqual) return a <= b;
    if (op == Op::Greater) return a > b;
    if (op == Op::GreaterEqual) return a >= b;
    return (a == b) == is_equality(op);
}

class Phrase {
public:
    Phrase(const Program& program, Machine& machine) : program_{program}, machine_{machine} {}

    Condition of(const Node& node) {
        if (node.count < 2) return {};
        if (node.written == Op::IsBefore || node.written == Op::IsAfter) return about_time(node);
        if (node.written == Op::InList || node.written == Op::In)
            return about_membership(part(node, 0), part(node, 1));
        if (node.written < Op::Equal || node.written > Op::GreaterEqual || node.count > 2)
            return {};
        const bool turned = part(node, 0).op == Op::Constant;
        return about_comparison(turned ? mirrored(node.written) : node.written,
                                part(node, turned ? 1 : 0), part(node, turned ? 0 : 1));
    }

private:
    [[nodiscard]] const Node& part(const Node& node, std::size_t index) const {
        return program_.argument(node, index);
    }
    // The variable that the node is; nothing for anything else.
    [[nodiscard]] std::optional<Variable> variable(const Node& node) const {
        if (node.written != Op::Var || node.count == 0) return std::nullopt;
        const auto* name = part(node, 0).constant.as<std::string_view>();
        return name == nullptr ? std::nullopt : variable_of(*name);
    }
    Value value(const Node& node) {
        const auto result = evaluate(program_, node, machine_);
        return result ? *result : Value{Undefined{}};
    }

    Condition about_time(const Node& node) {
        if (variable(part(node, 0)) != Variable::Now) return {};
        const Value limit = value(part(node, 1));
        const auto* time = limit.as<WallTime>();
        if (time == nullptr) return {};
        const double minutes = node.count > 2 ? number_of(value(part(node, 2))) : 0;
        const chrono::milliseconds slack{std::isfinite(minutes) ? std::llround(minutes * 60'000)
                                                                : 0};
        const bool before = node.written == Op::IsBefore;
        const WallTime middle = std::clamp(*time, kFirstMoment, kLastMoment);
        const WallTime edge = before ? middle + slack : middle - slack;
        const double away = number_of(Value{edge}) - number_of(Value{machine_.facts->now});
        return {Change::Time, std::abs(away),
                (before ? "Entry only before " : "Entry only after ") +
                    clock_text(edge, *machine_.facts)};
    }

    Condition about_membership(const Node& what, const Node& list) {
        const auto subject = variable(what);
        if (!subject) return {};
        if (*subject == Variable::IsoWeekday) {
            return about_weekdays([&](double day) {
                for (std::size_t i = 0; i < list.count; ++i) {
                    if (number_of(value(part(list, i))) == day) return true;
                }
                return false;
            });
        }
        std::string names;
        for (std::size_t i = 0; i < list.count; ++i)
            names += (i == 0 ? "" : ", ") + label(part(list, i));
        return about_thing(*subject, list.count == 0 ? "nobody" : names);
    }

    static Condition about_thing(Variable subject, const std::string& names) {
        if (subject == Variable::Gate) return {Change::Place, 0, "Only at " + names};
        if (subject == Variable::Product || subject == Variable::Variation)
            return {Change::Ticket, 0, "Only for " + names};
        return {};
    }

    // The label of a lookup, or else the number.
    std::string label(const Node& node) {
        if (node.written == Op::Lookup && node.count > 2) {
            const auto* text = part(node, 2).constant.as<std::string_view>();
            if (text != nullptr && !text->empty()) return std::string{*text};
        }
        const auto id = id_of(value(node));
        return id ? "number " + std::to_string(*id) : "others";
    }

    Condition about_weekdays(auto is_good) {
        constexpr std::array<std::string_view, 7> kDays{
            "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
        std::string names;
        for (std::size_t i = 0; i < kDays.size(); ++i) {
            if (is_good(static_cast<double>(i + 1)))
                names += (names.empty() ? "" : ", ") + std::string{kDays[i]};
        }
        return {Change::Day, 0, "Only on " + (names.empty() ? "no day" : names)};
    }

    Condition about_comparison(Op op, const Node& left, const Node& right) {
        const auto subject = variable(left);
        const Value limit = value(right);
        if (subject == Variable::IsoWeekday)
            return about_weekdays([&](double day) { return holds(op, day, number_of(limit)); });
        if (subject == Variable::EntryStatus) return about_status(op, limit);
        const bool is_thing = subject == Variable::Product || subject == Variable::Variation ||
                              subject == Variable::Gate;
        if (is_thing) return is_equality(op) ? about_thing(*subject, label(right)) : Condition{};
        const double number = number_of(limit);
        if (std::isnan(number)) return {};
        Condition condition{Change::Visits, std::abs(number - number_of(value(left))), {}};
        if (subject == Variable::MinutesSinceLastEntry)
            condition.text = about_minutes(op, number, "last");
        if (subject == Variable::MinutesSinceFirstEntry)
            condition.text = about_minutes(op, number, "first");
        if (condition.text.empty())
            condition.text = about_count(op, number, counted(left, subject));
        return condition.text.empty() ? Condition{} : condition;
    }

    static Condition about_status(Op op, const Value& limit) {
        const auto* status = limit.as<std::string_view>();
        if (status == nullptr || (*status != "present" && *status != "absent")) return {};
        const bool inside = (*status == "present") == is_equality(op);
        return {
            Change::Visits, 0,
            inside ? "Only for those who are inside already" : "Only for those who are not inside"};
    }

    static std::string about_minutes(Op op, double number, std::string_view which) {
        const std::string entry = " the " + std::string{which} + " entry";
        const std::string minutes = plural(number, "minute", "minutes");
        if (op == Op::Greater || op == Op::GreaterEqual)
            return "Only " + minutes + " after" + entry;
        if (number < 0) return "Only without an earlier entry";
        if (op == Op::Less || op == Op::LessEqual) return "Only within " + minutes + " of" + entry;
        return {};
    }

    // What is counted: singular, plural, and what stands behind them.
    struct Counted {
        std::string_view thing;
        std::string_view things;
        std::string rest;
    };

    std::optional<Counted> counted(const Node& node, std::optional<Variable> subject) {
        if (subject == Variable::EntriesNumber) return Counted{"entry", "entries", {}};
        if (subject == Variable::EntriesToday) return Counted{"entry", "entries", " per day"};
        if (subject == Variable::EntriesDays) return Counted{"day", "days", " with entries"};
        if (node.written < Op::EntriesSince || node.count == 0) return std::nullopt;
        const Value limit = value(part(node, 0));
        const auto* time = limit.as<WallTime>();
        if (time == nullptr) return std::nullopt;
        const bool since = node.written == Op::EntriesSince || node.written == Op::EntriesDaysSince;
        const bool days =
            node.written == Op::EntriesDaysSince || node.written == Op::EntriesDaysBefore;
        const std::string rest =
            (since ? " since " : " before ") + clock_text(*time, *machine_.facts);
        return days ? Counted{"day", "days", " with entries" + rest}
                    : Counted{"entry", "entries", rest};
    }

    // The entry that is asked for is not counted yet: less than 3 means at most 3.
    static std::string about_count(Op op, double number, const std::optional<Counted>& what) {
        if (!what) return {};
        const bool strict = op == Op::Less || op == Op::Greater;
        const auto phrase = [&](std::string_view front, double count) {
            return std::string{front} + plural(count, what->thing, what->things) + what->rest;
        };
        if (op == Op::Less || op == Op::LessEqual)
            return phrase("At most ", std::max(0.0, strict ? number : number + 1));
        if (op == Op::Greater || op == Op::GreaterEqual)
            return phrase("Only after at least ", strict ? number + 1 : number);
        return phrase(is_equality(op) ? "Only after exactly " : "Not after exactly ", number);
    }

    const Program& program_;
    Machine& machine_;
};

}  // namespace

Condition condition_of(const Program& program, const Node& node, Machine& machine) {
    return Phrase{program, machine}.of(node);
}

}  // namespace stile::rules
