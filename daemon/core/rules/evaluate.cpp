// SPDX-License-Identifier: Apache-2.0
// Walks the nodes of a program. The operators that decide themselves which of their arguments are
// evaluated, and over what, stand here.
#include "daemon/core/rules/evaluate.hpp"

#include <array>

#include "daemon/core/rules/coerce.hpp"

namespace stile::rules {
namespace {

class Evaluator {
public:
    Evaluator(const Program& program, Machine& machine) : program_{program}, machine_{machine} {}

    Outcome value(const Node& node, const Scope& scope) {
        if (!machine_.spend(1)) return failed(Fault::TooMuchWork);
        if (node.op >= Op::Var) return eager(node, scope);
        if (node.op >= Op::All) return quantified(node, scope);
        if (node.op == Op::Reduce) return reduce(node, scope);
        if (node.op >= Op::Map) return each(node, scope);
        if (node.op >= Op::And) return chain(node, scope);
        if (node.op == Op::If) return branch(node, scope);
        if (node.op == Op::Array) return array(node, scope);
        if (node.op == Op::TimeOfDay) return time_of_day(node);
        if (node.op == Op::Unknown)
            return failed(Fault::UnknownOperator, *node.constant.as<std::string_view>());
        return node.constant;
    }

private:
    Outcome argument_value(const Node& node, std::size_t index, const Scope& scope) {
        return value(program_.argument(node, index), scope);
    }

    Outcome time_of_day(const Node& node) {
        if (machine_.facts == nullptr) return failed(Fault::NotAGate, name_of(node.written));
        const std::chrono::milliseconds time{
            static_cast<std::int64_t>(*node.constant.as<double>())};
        return time_today(time, *machine_.facts);
    }

    // Fills `out`; the failure of the first that fails.
    std::expected<void, Failure> arguments(const Node& node, const Scope& scope,
                                           std::span<Value> out) {
        for (std::size_t i = 0; i < node.count; ++i) {
            auto result = argument_value(node, i, scope);
            if (!result) return std::unexpected{result.error()};
            out[i] = *result;
        }
        return {};
    }

    Outcome array(const Node& node, const Scope& scope) {
        const auto items = machine_.store.values(node.count);
        if (items.size() != node.count) return failed(Fault::TooLarge);
        if (auto done = arguments(node, scope, items); !done) return std::unexpected{done.error()};
        return list_of(items);
    }

    Outcome eager(const Node& node, const Scope& scope) {
        std::array<Value, 4> few;
        const auto args = node.count <= few.size() ? std::span{few}.first(node.count)
                                                   : machine_.store.values(node.count);
        if (args.size() != node.count) return failed(Fault::TooLarge);
        if (auto done = arguments(node, scope, args); !done) return std::unexpected{done.error()};
        auto result = apply(node.op, args, scope, machine_);
        if (!result) result.error().where = culprit(node);
        return result;
    }

    // The variable that it is about, or else its own name.
    [[nodiscard]] std::string_view culprit(const Node& node) const {
        const bool is_variable = node.op == Op::Var && node.count > 0;
        const auto* name =
            is_variable ? program_.argument(node, 0).constant.as<std::string_view>() : nullptr;
        return name == nullptr ? name_of(node.written) : *name;
    }

    // if, then, else if, then, ..., else
    Outcome branch(const Node& node, const Scope& scope) {
        std::size_t i = 0;
        for (; i + 1 < node.count; i += 2) {
            auto condition = argument_value(node, i, scope);
            if (!condition) return condition;
            if (truthy(*condition)) return argument_value(node, i + 1, scope);
        }
        return i < node.count ? argument_value(node, i, scope) : Outcome{Null{}};
    }

    // The first value that settles it, else the last.
    Outcome chain(const Node& node, const Scope& scope) {
        Outcome last{Undefined{}};
        for (std::size_t i = 0; i < node.count; ++i) {
            last = argument_value(node, i, scope);
            if (!last || truthy(*last) == (node.op == Op::Or)) return last;
        }
        return last;
    }

    // The list that comes first; null pointer for anything else.
    std::expected<const List*, Failure> items_of(const Node& node, const Scope& scope,
                                                 Value& holder) {
        if (node.count == 0) return nullptr;
        auto first = argument_value(node, 0, scope);
        if (!first) return std::unexpected{first.error()};
        holder = *first;
        return holder.as<List>();
    }

    // The second argument over one item.
    Outcome over(const Node& node, const Value& item) {
        if (node.count < 2) return Value{Undefined{}};
        return argument_value(node, 1, {nullptr, &item});
    }

    Outcome each(const Node& node, const Scope& scope) {
        Value holder;
        const auto list = items_of(node, scope, holder);
        if (!list) return std::unexpected{list.error()};
        if (*list == nullptr) return list_of({});
        const auto out = machine_.store.values((*list)->size);
        if (out.size() != (*list)->size) return failed(Fault::TooLarge);
        std::size_t count = 0;
        for (const Value& item : (*list)->span()) {
            const auto result = over(node, item);
            if (!result) return result;
            if (node.op == Op::Map) {
                out[count++] = *result;
            } else if (truthy(*result)) {
                out[count++] = item;
            }
        }
        return list_of(out.first(count));
    }

    // Of nothing, "none" is true and the others are not.
    Outcome quantified(const Node& node, const Scope& scope) {
        Value holder;
        const auto list = items_of(node, scope, holder);
        if (!list) return std::unexpected{list.error()};
        if (*list == nullptr || (*list)->size == 0) return Value{node.op == Op::None};
        for (const Value& item : (*list)->span()) {
            const auto result = over(node, item);
            if (!result) return result;
            if (truthy(*result) != (node.op == Op::All)) return Value{node.op == Op::Some};
        }
        return Value{node.op != Op::Some};
    }

    Outcome reduce(const Node& node, const Scope& scope) {
        Value holder;
        const auto list = items_of(node, scope, holder);
        if (!list) return std::unexpected{list.error()};
        Outcome sum = node.count > 2 ? argument_value(node, 2, scope) : Outcome{Null{}};
        if (!sum || *list == nullptr) return sum;
        for (const Value& item : (*list)->span()) {
            const std::array<Member, 2> pair{Member{"current", item}, Member{"accumulator", *sum}};
            const auto data = machine_.store.object(pair);
            if (!data) return data;
            sum = over(node, *data);
            if (!sum) return sum;
        }
        return sum;
    }

    const Program& program_;
    Machine& machine_;
};

}  // namespace

Outcome evaluate(const Program& program, const Node& part, Machine& machine) {
    return Evaluator{program, machine}.value(part, {machine.facts, nullptr});
}

std::expected<bool, Failure> evaluate(const Program& program, const Facts& facts) {
    if (program.is_empty()) return true;
    Store store{kMaxMemory};
    Machine machine{store, &facts, kMaxWork};
    const auto result = evaluate(program, program.root(), machine);
    if (!result) return std::unexpected{result.error()};
    return truthy(*result);
}

Outcome evaluate(const Program& program, const Value& data, Store& store) {
    if (program.is_empty()) return Value{Null{}};
    Machine machine{store, nullptr, kMaxDataWork};
    return Evaluator{program, machine}.value(program.root(), {nullptr, &data});
}

}  // namespace stile::rules
