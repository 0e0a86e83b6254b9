// SPDX-License-Identifier: Apache-2.0
// Turns the value that a rule is written as into nodes, and works out beforehand what never
// changes.
#include "daemon/core/rules/program.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "crypto/base/time_text.hpp"

namespace stile::rules {

class Compiler {
public:
    explicit Compiler(Program& program) : program_{program} {}

    // Nothing when the rule has too many parts. Goes no deeper than kMaxDepth: values are not.
    std::optional<std::uint32_t> add(const Value& rule) {
        if (const auto* list = rule.as<List>()) return add_list(rule, *list);
        const auto* object = rule.as<Object>();
        if (object == nullptr || object->size != 1) return put({.constant = rule});
        const Member& member = object->members[0];
        const auto op = operator_of(member.name);
        if (!op) return put({.op = Op::Unknown, .written = Op::Unknown, .constant = member.name});
        return add_operator(*op, member.value);
    }

private:
    std::optional<std::uint32_t> put(Node node) {
        if (program_.nodes_.size() >= kMaxNodes) return std::nullopt;
        program_.nodes_.push_back(node);
        return static_cast<std::uint32_t>(program_.nodes_.size() - 1);
    }

    // The places of a node's arguments lie side by side.
    bool add_arguments(Node& node, std::span<const Value> arguments) {
        std::vector<std::uint32_t> places;
        places.reserve(std::min(arguments.size(), kMaxNodes));
        for (const Value& value : arguments) {
            const auto place = add(value);
            if (!place) return false;
            places.push_back(*place);
        }
        node.first = static_cast<std::uint32_t>(program_.links_.size());
        node.count = static_cast<std::uint32_t>(places.size());
        program_.links_.insert(program_.links_.end(), places.begin(), places.end());
        return true;
    }

    [[nodiscard]] bool are_constant(const Node& node) const {
        for (std::size_t i = 0; i < node.count; ++i) {
            if (program_.argument(node, i).op != Op::Constant) return false;
        }
        return true;
    }

    std::optional<std::uint32_t> add_list(const Value& rule, const List& list) {
        Node node{.op = Op::Array, .written = Op::Array};
        if (!add_arguments(node, list.span())) return std::nullopt;
        const auto is_plain = [&](std::size_t i) {
            const Node& item = program_.argument(node, i);
            return item.op == Op::Constant &&
                   (item.written == Op::Constant || item.written == Op::Array);
        };
        bool plain = true;
        for (std::size_t i = 0; i < list.size; ++i)
            plain = plain && is_plain(i);
        if (plain) {
            node.op = Op::Constant;
            node.constant = rule;
        }
        return put(node);
    }

    std::optional<std::uint32_t> add_operator(Op op, const Value& argument) {
        Node node{.op = op, .written = op};
        const auto* list = argument.as<List>();
        if (!add_arguments(node, list == nullptr ? std::span{&argument, 1} : list->span()))
            return std::nullopt;
        if (are_constant(node)) work_out(node);
        return put(node);
    }

    // Times, identities and lists of them that are the same at every scan. What fails stays as it
    // is, and fails again when it is reached.
    void work_out(Node& node) {
        if (node.op == Op::BuildTime) return work_out_time(node);
        if (node.op != Op::Lookup && node.op != Op::ObjectList) return;
        std::vector<Value> values;
        for (std::size_t i = 0; i < node.count; ++i)
            values.push_back(program_.argument(node, i).constant);
        fold(node, node.op == Op::Lookup ? looked_up(values) : program_.store_->list(values));
    }

    void work_out_time(Node& node) {
        if (node.count < 2) return;
        const auto* kind = program_.argument(node, 0).constant.as<std::string_view>();
        const Value& text = program_.argument(node, 1).constant;
        if (kind == nullptr) return;
        if (*kind == "custom") return fold(node, custom_time(text));
        const auto* written = text.as<std::string_view>();
        if (*kind != "customtime" || written == nullptr) return;
        const auto time = parse_time_of_day(*written);
        if (!time) return;
        node.op = Op::TimeOfDay;
        node.constant = static_cast<double>(time->count());
    }

    static void fold(Node& node, const Outcome& outcome) {
        if (!outcome) return;
        node.op = Op::Constant;
        node.constant = *outcome;
    }

    Program& program_;
};

std::expected<Program, Failure> Program::compile(std::unique_ptr<Store> store, const Value& rule) {
    Program program;
    if (rule.depth() > kMaxDepth) return failed(Fault::TooDeep);
    program.store_ = std::move(store);
    if (!Compiler{program}.add(rule)) return failed(Fault::TooLarge);
    return program;
}

}  // namespace stile::rules
