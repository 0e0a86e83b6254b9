// SPDX-License-Identifier: Apache-2.0
// The operators over texts, lists and data.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "daemon/core/rules/coerce.hpp"
#include "daemon/core/rules/operators.hpp"

namespace stile::rules {
namespace {

std::size_t length(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

// Characters from `begin` up to `end`, counted as code points.
std::string_view slice(std::string_view text, std::size_t begin, std::size_t end) {
    std::size_t at = 0;
    std::size_t from = text.size();
    std::size_t to = text.size();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((text[i] & 0xC0) == 0x80) continue;
        if (at == begin) from = i;
        if (at == end) to = i;
        ++at;
    }
    return from < to ? text.substr(from, to - from) : std::string_view{};
}

double whole(const Value& value) {
    const double number = number_of(value);
    return std::isnan(number) ? 0 : std::trunc(number);
}

// A negative begin counts from the end. Without a count everything behind it; a negative count
// leaves out that many at the end.
Outcome substr(Args args, Machine& machine) {
    const Text text = text_of(argument(args, 0), machine.store);
    if (!text) return std::unexpected{text.error()};
    const auto size = static_cast<double>(length(*text));
    double begin = whole(argument(args, 1));
    begin = begin < 0 ? std::max(0.0, size + begin) : std::min(begin, size);
    double end = size;
    if (!argument(args, 2).is<Undefined>()) {
        const double count = whole(argument(args, 2));
        end = count < 0 ? size + count : begin + count;
    }
    end = std::clamp(end, begin, std::max(begin, size));
    return Value{slice(*text, static_cast<std::size_t>(begin), static_cast<std::size_t>(end))};
}

Outcome in(Args args, Machine& machine) {
    const Value needle = argument(args, 0);
    const Value stack = argument(args, 1);
    if (const auto* list = stack.as<List>()) {
        return Value{std::ranges::any_of(list->span(),
                                         [&](const Value& item) { return same(item, needle); })};
    }
    const auto* text = stack.as<std::string_view>();
    if (text == nullptr || text->empty()) return Value{false};
    const Text wanted = text_of(needle, machine.store);
    if (!wanted) return std::unexpected{wanted.error()};
    return Value{text->find(*wanted) != std::string_view::npos};
}

Outcome merge(Args args, Machine& machine) {
    std::size_t size = 0;
    for (const Value& value : args)
        size += value.is<List>() ? value.as<List>()->size : 1;
    const auto items = machine.store.values(size);
    if (items.size() != size) return failed(Fault::TooLarge);
    auto out = items.begin();
    for (const Value& value : args) {
        if (const auto* list = value.as<List>()) {
            out = std::ranges::copy(list->span(), out).out;
        } else {
            *out++ = value;
        }
    }
    return list_of(items);
}

// The member or item of that name. Undefined if there is none.
Value part(const Value& whole_value, std::string_view name) {
    if (const auto* object = whole_value.as<Object>()) {
        const Value* member = object->find(name);
        return member == nullptr ? Value{Undefined{}} : *member;
    }
    if (const auto* list = whole_value.as<List>()) {
        if (name == "length") return static_cast<double>(list->size);
        const auto index = id_of(Value{name});
        return index && *index < list->size ? list->items[*index] : Value{Undefined{}};
    }
    const auto* text = whole_value.as<std::string_view>();
    if (text == nullptr) return Undefined{};
    if (name == "length") return static_cast<double>(length(*text));
    const auto index = id_of(Value{name});
    if (!index || *index >= length(*text)) return Undefined{};
    return slice(*text, *index, *index + 1);
}

// How long it takes to look at a value from end to end, in steps of about ten nanoseconds.
std::size_t cost_of(const Value& value) {
    if (const auto* text = value.as<std::string_view>()) return 1 + text->size() / 16;
    if (const auto* list = value.as<List>()) return 1 + list->size;
    if (const auto* object = value.as<Object>()) return 1 + object->size;
    return 1;
}

// Entries are counted by looking at every visit.
std::size_t cost_of(Variable variable, const Facts& facts) {
    return variable < Variable::EntriesNumber ? 1 : 1 + facts.visits.size();
}

Outcome walk(Value data, std::string_view path, const Value& fallback, Machine& machine) {
    const Value absent = fallback.is<Undefined>() ? Value{Null{}} : fallback;
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t dot = std::min(path.find('.', at), path.size());
        if (data.is<Null>()) return absent;
        if (!machine.spend(cost_of(data))) return failed(Fault::TooMuchWork);
        data = part(data, path.substr(at, dot - at));
        if (data.is<Undefined>()) return absent;
        at = dot + 1;
    }
    return data;
}

bool is_blank(const Value& value) {
    const auto* text = value.as<std::string_view>();
    return value.is<Null>() || value.is<Undefined>() || (text != nullptr && text->empty());
}

// A key that is a list holds a fallback, as the arguments of var do.
Outcome value_under(const Value& key, const Scope& scope, Machine& machine) {
    const auto* pair = key.as<List>();
    if (pair == nullptr) return look_up(key, Undefined{}, scope, machine);
    return look_up(argument(pair->span(), 0), argument(pair->span(), 1), scope, machine);
}

Outcome missing(Args args, const Scope& scope, Machine& machine) {
    const Value first = argument(args, 0);
    const Args keys = first.is<List>() ? first.as<List>()->span() : args;
    const auto found = machine.store.values(keys.size());
    if (found.size() != keys.size()) return failed(Fault::TooLarge);
    std::size_t count = 0;
    for (const Value& key : keys) {
        const auto value = value_under(key, scope, machine);
        if (!value) return value;
        if (is_blank(*value)) found[count++] = key;
    }
    return list_of(found.first(count));
}

// At least so many of these keys are there: then none is missing.
Outcome missing_some(Args args, const Scope& scope, Machine& machine) {
    const Value keys = argument(args, 1);
    if (keys.is<Undefined>() || keys.is<Null>()) return failed(Fault::BadArgument);
    auto absent = missing({&keys, 1}, scope, machine);
    const Value count = part(keys, "length");
    if (!absent || keys.is<Object>() || count.is<Undefined>()) return absent;
    const double there = number_of(count) - absent->as<List>()->size;
    return there >= number_of(argument(args, 0)) ? list_of({}) : absent;
}

// Numbers, texts and lists do not know what to do with moments: comparing one with 5 means nothing.
bool holds_moment(Args args) {
    return std::ranges::any_of(args, &Value::is<WallTime>);
}

bool is_about_moments(Op op) {
    return op >= Op::InList || (op >= Op::Not && op <= Op::Log);
}

}  // namespace

Outcome look_up(const Value& name, const Value& fallback, const Scope& scope, Machine& machine) {
    if (const auto* text = name.as<std::string_view>(); text != nullptr && scope.facts != nullptr) {
        const auto variable = variable_of(*text);
        if (!variable) return failed(Fault::UnknownVariable);
        if (!machine.spend(cost_of(*variable, *scope.facts))) return failed(Fault::TooMuchWork);
        return value_of(*variable, *scope.facts);
    }
    if (scope.facts != nullptr) return failed(Fault::UnknownVariable);
    if (is_blank(name)) return *scope.data;
    const Text path = text_of(name, machine.store);
    if (!path) return std::unexpected{path.error()};
    return walk(*scope.data, *path, fallback, machine);
}

Outcome apply_text_or_list(Op op, Args args, Machine& machine) {
    if (op == Op::Merge) return merge(args, machine);
    if (op == Op::In) return in(args, machine);
    if (op == Op::Substr) return substr(args, machine);
    const Text text = joined(args, "", machine.store);
    if (!text) return std::unexpected{text.error()};
    return Value{*text};
}

Outcome apply(Op op, Args args, const Scope& scope, Machine& machine) {
    for (const Value& value : args) {
        if (!machine.spend(cost_of(value))) return failed(Fault::TooMuchWork);
    }
    if (holds_moment(args) && !is_about_moments(op)) return failed(Fault::BadArgument);
    if (op == Op::Not) return Value{!truthy(argument(args, 0))};
    if (op == Op::Truth) return Value{truthy(argument(args, 0))};
    if (op == Op::Log) return argument(args, 0);
    if (op == Op::Var) return look_up(argument(args, 0), argument(args, 1), scope, machine);
    if (op == Op::Missing) return missing(args, scope, machine);
    if (op == Op::MissingSome) return missing_some(args, scope, machine);
    if (op >= Op::Equal && op <= Op::GreaterEqual) return apply_comparison(op, args, machine);
    if (op >= Op::Plus && op <= Op::Max) return apply_arithmetic(op, args);
    if (op >= Op::Merge && op <= Op::Substr) return apply_text_or_list(op, args, machine);
    return apply_gate(op, args, machine);
}

}  // namespace stile::rules
