// SPDX-License-Identifier: Apache-2.0
// Finds the condition that is nearest to being met.
#include "daemon/core/rules/explain.hpp"

#include <optional>
#include <tuple>
#include <utility>

#include "crypto/base/bytes.hpp"
#include "daemon/core/rules/coerce.hpp"
#include "daemon/core/rules/condition.hpp"
#include "daemon/core/rules/evaluate.hpp"

namespace stile::rules {
namespace {

// What keeps a part of the rule from being true. Nothing: it is true.
using Obstacle = std::optional<Condition>;

bool is_nearer(const Condition& a, const Condition& b) {
    return std::tie(a.change, a.distance) < std::tie(b.change, b.distance);
}

class Search {
public:
    Search(const Program& program, Machine& machine) : program_{program}, machine_{machine} {}

    Obstacle in(const Node& node) {
        if (node.op == Op::And) return in_all(node);
        if (node.op == Op::Or) return in_any(node);
        if (node.op == Op::If) return in_branch(node);
        const auto value = evaluate(program_, node, machine_);
        if (value && truthy(*value)) return std::nullopt;
        if (!value) return Condition{};
        return condition_of(program_, node, machine_);
    }

private:
    // Everything must be met: what is hardest to change stands in the way, the first if there are
    // several.
    Obstacle in_all(const Node& node) {
        Obstacle hardest;
        for (std::size_t i = 0; i < node.count; ++i) {
            Obstacle next = in(program_.argument(node, i));
            if (next && (!hardest || is_nearer(*hardest, *next))) hardest = std::move(next);
        }
        return node.count == 0 ? Condition{} : hardest;
    }

    // One is enough: the easiest way in.
    Obstacle in_any(const Node& node) {
        Obstacle easiest{Condition{}};
        for (std::size_t i = 0; i < node.count; ++i) {
            Obstacle next = in(program_.argument(node, i));
            if (!next) return std::nullopt;
            if (is_nearer(*next, *easiest)) easiest = std::move(next);
        }
        return easiest;
    }

    // The branch that counts now.
    Obstacle in_branch(const Node& node) {
        std::size_t i = 0;
        for (; i + 1 < node.count; i += 2) {
            const auto condition = evaluate(program_, program_.argument(node, i), machine_);
            if (!condition) return Condition{};
            if (truthy(*condition)) return in(program_.argument(node, i + 1));
        }
        return i < node.count ? in(program_.argument(node, i)) : Condition{};
    }

    const Program& program_;
    Machine& machine_;
};

// One line of limited length, whatever the labels held.
std::string one_line(std::string text) {
    constexpr std::string_view kMore = "...";
    for (char& c : text) {
        if ((c >= 0 && c < ' ') || c == '\x7F') c = ' ';
    }
    if (text.size() <= kMaxExplanation) return text;
    return std::string{utf8_head(text, kMaxExplanation - kMore.size())}.append(kMore);
}

}  // namespace

std::string explain(const Program& program, const Facts& facts) {
    const auto verdict = evaluate(program, facts);
    if (!verdict) {
        const std::string_view why = fault_text(verdict.error().fault);
        return one_line("The rule cannot be evaluated: " + std::string{why});
    }
    if (*verdict) return {};
    Store store{kMaxMemory};
    Machine machine{store, &facts, kMaxWork};
    const Obstacle obstacle = Search{program, machine}.in(program.root());
    if (!obstacle || obstacle->text.empty()) return "The rules of this list do not allow it";
    return one_line(obstacle->text);
}

}  // namespace stile::rules
