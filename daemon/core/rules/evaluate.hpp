// SPDX-License-Identifier: Apache-2.0
// What a rule says about the facts.
#pragma once

#include "daemon/core/rules/program.hpp"

namespace stile::rules {

// Bounds of one evaluation at the gate. A rule that needs more fails.
inline constexpr std::size_t kMaxWork = 1'000'000;
inline constexpr std::size_t kMaxMemory = std::size_t{4} << 20U;
// Over data nobody waits in front of a turnstile.
inline constexpr std::size_t kMaxDataWork = 20 * kMaxWork;

// Whether the rule lets this person pass: its value as a truth. An empty program says yes. A
// failure refuses. Pure and reentrant. With the variables of the gate and the operators that
// pretix's editor writes it allocates nothing; other lists and texts live in memory of the call.
[[nodiscard]] std::expected<bool, Failure> evaluate(const Program& program, const Facts& facts);

// The value of a rule over any data, as in the tests of JSON logic. It lies in `store`, `program`
// and `data`. An empty program gives null.
[[nodiscard]] Outcome evaluate(const Program& program, const Value& data, Store& store);

// One part of the program with the facts, memory and time of `machine`, for explanations.
[[nodiscard]] Outcome evaluate(const Program& program, const Node& part, Machine& machine);

}  // namespace stile::rules
