// SPDX-License-Identifier: Apache-2.0
// A rule that was compiled once, and is evaluated for every scan.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <vector>

#include "daemon/core/rules/facts.hpp"
#include "daemon/core/rules/operators.hpp"
#include "daemon/core/rules/value.hpp"

namespace stile::rules {

inline constexpr std::size_t kMaxNodes = 50'000;

// One operator with its arguments, a list that holds some, or a constant.
struct Node {
    Op op = Op::Constant;
    Op written = Op::Constant;  // what stood there before it was computed at load time
    std::uint32_t first = 0;    // its arguments: places in the program's `links`
    std::uint32_t count = 0;
    Value constant = Undefined{};  // Unknown: the operator's name; TimeOfDay: milliseconds
};

// Movable, not copyable. Everything it points to is its own.
class Program {
public:
    // No rule at all: always true.
    Program() = default;
    // `rule` lies in `store`, which becomes the program's.
    // An unknown operator or variable is no error here: it fails when it is reached, as on the
    // server. Errors: TooLarge, TooDeep.
    [[nodiscard]] static std::expected<Program, Failure> compile(std::unique_ptr<Store> store,
                                                                 const Value& rule);

    [[nodiscard]] bool is_empty() const { return nodes_.empty(); }
    // The whole rule; not for an empty program.
    [[nodiscard]] const Node& root() const { return nodes_.back(); }
    [[nodiscard]] const Node& argument(const Node& node, std::size_t index) const {
        return nodes_[links_[node.first + index]];
    }

private:
    friend class Compiler;
    std::unique_ptr<Store> store_;
    std::vector<Node> nodes_;
    std::vector<std::uint32_t> links_;
};

}  // namespace stile::rules
