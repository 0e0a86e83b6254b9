// SPDX-License-Identifier: Apache-2.0
// The operators, and those of them that need nothing but the values of their arguments.
#pragma once

#include <optional>
#include <span>

#include "daemon/core/rules/facts.hpp"
#include "daemon/core/rules/value.hpp"

namespace stile::rules {

// In order: from Var on, an operator looks at nothing but the values of its arguments. Those before
// it are told apart by their order as well.
enum class Op : std::uint8_t {
    Constant,
    Unknown,
    TimeOfDay,  // buildTime customtime with a constant time
    Array,      // a list that holds operators
    If,
    And,
    Or,
    Map,
    Filter,
    Reduce,
    All,
    None,
    Some,
    Var,
    Missing,
    MissingSome,
    Not,
    Truth,
    Log,
    Equal,
    NotEqual,
    Same,
    NotSame,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Plus,
    Times,
    Minus,
    Divide,
    Modulo,
    Min,
    Max,
    Merge,
    In,
    Cat,
    Substr,
    InList,
    ObjectList,
    Lookup,
    BuildTime,
    IsBefore,
    IsAfter,
    EntriesSince,
    EntriesDaysSince,
    EntriesBefore,
    EntriesDaysBefore,
};

[[nodiscard]] std::optional<Op> operator_of(std::string_view name);
[[nodiscard]] std::string_view name_of(Op op);
[[nodiscard]] std::optional<Variable> variable_of(std::string_view name);

// One evaluation: its memory, what is left of its time, and the gate's facts if there is a gate.
struct Machine {
    Store& store;
    const Facts* facts = nullptr;
    std::size_t work_left = 0;

    // False when there is no time left for `units` more.
    [[nodiscard]] bool spend(std::size_t units) {
        const bool enough = units <= work_left;
        work_left = enough ? work_left - units : 0;
        return enough;
    }
};

// What variables are looked up in: the gate's facts, or data (an item of a list, for instance).
struct Scope {
    const Facts* facts = nullptr;
    const Value* data = nullptr;  // there if `facts` are not
};

using Args = std::span<const Value>;

// An argument that was left out is Undefined.
[[nodiscard]] inline Value argument(Args args, std::size_t index) {
    return index < args.size() ? args[index] : Value{Undefined{}};
}
[[nodiscard]] inline std::unexpected<Failure> failed(Fault fault, std::string_view where = {}) {
    return std::unexpected{Failure{fault, where}};
}

// The value of an operator whose arguments are all evaluated, whatever it is.
[[nodiscard]] Outcome apply(Op op, Args args, const Scope& scope, Machine& machine);

// Its parts, one a family.
[[nodiscard]] Outcome apply_arithmetic(Op op, Args args);
[[nodiscard]] Outcome apply_comparison(Op op, Args args, Machine& machine);
[[nodiscard]] Outcome apply_text_or_list(Op op, Args args, Machine& machine);
[[nodiscard]] Outcome apply_gate(Op op, Args args, Machine& machine);

// {"var": [name, fallback]}
[[nodiscard]] Outcome look_up(const Value& name, const Value& fallback, const Scope& scope,
                              Machine& machine);
[[nodiscard]] Outcome value_of(Variable variable, const Facts& facts);
// "custom" times, and the number behind a lookup: what the compiler works out beforehand.
[[nodiscard]] Outcome custom_time(const Value& text);
[[nodiscard]] Outcome looked_up(Args args);
// `time_of_day` of the day that it is at the event.
[[nodiscard]] Outcome time_today(std::chrono::milliseconds time_of_day, const Facts& facts);

}  // namespace stile::rules
