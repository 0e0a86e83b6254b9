// SPDX-License-Identifier: Apache-2.0
// One condition of a rule as a person would say it.
#pragma once

#include <optional>
#include <string>

#include "daemon/core/rules/program.hpp"

namespace stile::rules {

// How far a condition is from being met. First what somebody would have to change: to wait or to
// leave is easy, to come on another day is harder, and a ticket is what it is. Then by how much.
enum class Change : std::uint8_t { Visits = 1, Time, Day, Place, Ticket, Nothing };

struct Condition {
    Change change = Change::Nothing;
    double distance = 0;
    std::string text;
};

// What the condition `node`, which is not met, asks for. One that no person could read is
// `Nothing`. Its operands are evaluated with `machine`.
[[nodiscard]] Condition condition_of(const Program& program, const Node& node, Machine& machine);

}  // namespace stile::rules
