// SPDX-License-Identifier: Apache-2.0
// What a display says about one scan beside the words of the reason.
#pragma once

#include <string>

#include "daemon/admission/case.hpp"

namespace stile {

// The texts that the organiser wrote for whoever is admitted; for a refusal by the list's rule, its
// condition that was nearest to being met. Empty: the reason says it all.
[[nodiscard]] std::string advice_for(const Case& scan, const Decision& decision);

}  // namespace stile
