// SPDX-License-Identifier: Apache-2.0
// Why a rule does not let somebody pass, in words.
#pragma once

#include <string>

#include "daemon/core/rules/program.hpp"

namespace stile::rules {

inline constexpr std::size_t kMaxExplanation = 120;  // bytes

// One line about the condition that was nearest to being met, for the guest and the staff: "Entry
// only after 2020-01-01 18:00", "At most 3 entries per day", "Only for: Day ticket, VIP". For a
// rule that failed, what failed. Of user text only the labels of lookups appear, without control
// characters. Call it for a rule that does not say yes; for one that does it is empty. Allocates;
// bounded as one evaluation is.
[[nodiscard]] std::string explain(const Program& program, const Facts& facts);

}  // namespace stile::rules
