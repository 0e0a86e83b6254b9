// SPDX-License-Identifier: Apache-2.0
// A decided scan as JSON, with the names that people who scan with the platform's app know.
#pragma once

#include <string>
#include <string_view>

#include "daemon/admission/case.hpp"

namespace stile {

// One object on one line, everything that is known: the code, who it is, what to show and to ask.
[[nodiscard]] std::string scan_answer(const Case& scan, const Decision& decision,
                                      std::string_view nonce);

}  // namespace stile
