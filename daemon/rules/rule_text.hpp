// SPDX-License-Identifier: Apache-2.0
// Rules and their data as JSON text.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "daemon/core/rules/program.hpp"

namespace stile::rules {

inline constexpr std::size_t kMaxRuleBytes = std::size_t{1} << 20U;

// The rule of an access list. Null, nothing and an empty object mean that there is none. What the
// dialect does not know (RULES.md) fails when it is reached, not here. Errors: Invalid, with the
// place: no JSON, nested too deep, too large, two members of one name.
[[nodiscard]] Result<Program> compile_rule(std::string_view json);

// JSON as a value in `store`. Errors: as above.
[[nodiscard]] Result<Value> parse_json(std::string_view json, Store& store);
// On one line. Moments are RFC 3339 texts; what JSON cannot say is null. Errors: Full (longer than
// `limit`).
[[nodiscard]] Result<std::string> to_json(const Value& value, std::size_t limit);

// "unknown operator: foo", for people.
[[nodiscard]] std::string describe(const Failure& failure);

// One line of `stilectl rules`: [rule, data] in, {"value": ...} or {"error": "..."} out, without
// the line's end. Total, whatever the line.
[[nodiscard]] std::string answer_rule_line(std::string_view line);

}  // namespace stile::rules
