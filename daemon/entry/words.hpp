// SPDX-License-Identifier: Apache-2.0
// The words of TOPICS.md for what an entry says.
#pragma once

#include <string_view>

#include "daemon/entry/entry.hpp"

namespace stile {

[[nodiscard]] std::string_view name_of(Direction direction);   // "entry", "exit"
[[nodiscard]] std::string_view name_of(Verdict verdict);       // "admit", "refuse"
[[nodiscard]] std::string_view name_of(PassageResult result);  // "entered", ...

}  // namespace stile
