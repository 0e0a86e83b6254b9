// SPDX-License-Identifier: Apache-2.0
// The words of the document for what a policy is made of.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "daemon/core/policy/access_policy.hpp"

namespace stile::policy {

[[nodiscard]] std::string_view name_of(Passback passback);
[[nodiscard]] std::string_view name_of(Doubt doubt);
[[nodiscard]] std::string_view name_of(Direction direction);
[[nodiscard]] std::string_view reentry_name(const AccessList& list);
// "fri sat 18:30 to 02:00", "2026-07-31T16:00:00Z to 2026-07-31T22:00:00Z"
[[nodiscard]] std::string text_of(const Slot& slot);
// "06:00"
[[nodiscard]] std::string clock_text(std::chrono::minutes after_midnight);

}  // namespace stile::policy
