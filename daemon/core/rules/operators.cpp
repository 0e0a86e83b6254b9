// SPDX-License-Identifier: Apache-2.0
// The names of operators and variables, and arithmetic and comparison.
#include "daemon/core/rules/operators.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "daemon/core/rules/coerce.hpp"

namespace stile::rules {
namespace {

template <class Thing>
struct Name {
    std::string_view name;
    Thing thing;
};

constexpr std::array kOperators{
    Name{"var", Op::Var},
    Name{"missing", Op::Missing},
    Name{"missing_some", Op::MissingSome},
    Name{"if", Op::If},
    Name{"?:", Op::If},
    Name{"and", Op::And},
    Name{"or", Op::Or},
    Name{"!", Op::Not},
    Name{"!!", Op::Truth},
    Name{"==", Op::Equal},
    Name{"!=", Op::NotEqual},
    Name{"===", Op::Same},
    Name{"!==", Op::NotSame},
    Name{"<", Op::Less},
    Name{"<=", Op::LessEqual},
    Name{">", Op::Greater},
    Name{">=", Op::GreaterEqual},
    Name{"+", Op::Plus},
    Name{"*", Op::Times},
    Name{"-", Op::Minus},
    Name{"/", Op::Divide},
    Name{"%", Op::Modulo},
    Name{"min", Op::Min},
    Name{"max", Op::Max},
    Name{"map", Op::Map},
    Name{"filter", Op::Filter},
    Name{"reduce", Op::Reduce},
    Name{"all", Op::All},
    Name{"none", Op::None},
    Name{"some", Op::Some},
    Name{"merge", Op::Merge},
    Name{"in", Op::In},
    Name{"cat", Op::Cat},
    Name{"substr", Op::Substr},
    Name{"log", Op::Log},
    Name{"inList", Op::InList},
    Name{"objectList", Op::ObjectList},
    Name{"lookup", Op::Lookup},
    Name{"buildTime", Op::BuildTime},
    Name{"isBefore", Op::IsBefore},
    Name{"isAfter", Op::IsAfter},
    Name{"entries_since", Op::EntriesSince},
    Name{"entries_days_since", Op::EntriesDaysSince},
    Name{"entries_before", Op::EntriesBefore},
    Name{"entries_days_before", Op::EntriesDaysBefore},
};

constexpr std::array kVariables{
    Name{"now", Variable::Now},
    Name{"now_isoweekday", Variable::IsoWeekday},
    Name{"product", Variable::Product},
    Name{"variation", Variable::Variation},
    Name{"gate", Variable::Gate},
    Name{"entries_number", Variable::EntriesNumber},
    Name{"entries_today", Variable::EntriesToday},
    Name{"entries_days", Variable::EntriesDays},
    Name{"minutes_since_last_entry", Variable::MinutesSinceLastEntry},
    Name{"minutes_since_first_entry", Variable::MinutesSinceFirstEntry},
    Name{"entry_status", Variable::EntryStatus},
};

template <class Thing>
std::optional<Thing> named(const auto& table, std::string_view name) {
    const auto* row = std::ranges::find(table, name, &Name<Thing>::name);
    return row == table.end() ? std::nullopt : std::optional{row->thing};
}

// Sums and products read the number at the front of a text: "3 pieces" is 3.
double sum(Args args) {
    double total = 0;
    for (const Value& value : args)
        total += leading_number(value);
    return total;
}

Outcome product(Args args) {
    if (args.empty()) return failed(Fault::BadArgument);
    if (args.size() == 1) return args[0];
    double total = 1;
    for (const Value& value : args)
        total *= leading_number(value);
    return Value{total};
}

double extreme(Args args, double worst, auto better) {
    double best = worst;
    for (const Value& value : args) {
        const double number = number_of(value);
        if (std::isnan(number)) return number;
        if (better(number, best)) best = number;
    }
    return best;
}

bool holds(Op op, Order order) {
    const bool is_less = order == Order::Less;
    const bool is_greater = order == Order::Greater;
    if (op == Op::Less) return is_less;
    if (op == Op::LessEqual) return is_less || order == Order::Equal;
    return op == Op::Greater ? is_greater : is_greater || order == Order::Equal;
}

// Two values, or with < and <= a value between two others.
Outcome ordered(Op op, Args args, Machine& machine) {
    const bool between =
        (op == Op::Less || op == Op::LessEqual) && !argument(args, 2).is<Undefined>();
    for (std::size_t i = 0; i < (between ? 2U : 1U); ++i) {
        const auto order = compare(argument(args, i), argument(args, i + 1), machine.store);
        if (!order) return std::unexpected{order.error()};
        if (!holds(op, *order)) return Value{false};
    }
    return Value{true};
}

}  // namespace

std::optional<Op> operator_of(std::string_view name) {
    return named<Op>(kOperators, name);
}

std::string_view name_of(Op op) {
    const auto* row = std::ranges::find(kOperators, op, &Name<Op>::thing);
    return row == kOperators.end() ? std::string_view{} : row->name;
}

std::optional<Variable> variable_of(std::string_view name) {
    return named<Variable>(kVariables, name);
}

Outcome apply_arithmetic(Op op, Args args) {
    const double a = number_of(argument(args, 0));
    const Value second = argument(args, 1);
    const double b = number_of(second);
    if (op == Op::Plus) return Value{sum(args)};
    if (op == Op::Times) return product(args);
    if (op == Op::Minus) return Value{second.is<Undefined>() ? -a : a - b};
    if (op == Op::Divide) return Value{a / b};
    if (op == Op::Modulo) return Value{std::fmod(a, b)};
    if (op == Op::Min) return Value{extreme(args, kInfinity, std::less{})};
    return Value{extreme(args, -kInfinity, std::greater{})};
}

Outcome apply_comparison(Op op, Args args, Machine& machine) {
    const Value a = argument(args, 0);
    const Value b = argument(args, 1);
    if (op == Op::Same) return Value{same(a, b)};
    if (op == Op::NotSame) return Value{!same(a, b)};
    if (op != Op::Equal && op != Op::NotEqual) return ordered(op, args, machine);
    const auto answer = equal(a, b, machine.store);
    if (!answer) return std::unexpected{answer.error()};
    return Value{*answer == (op == Op::Equal)};
}

}  // namespace stile::rules
