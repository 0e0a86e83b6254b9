// SPDX-License-Identifier: Apache-2.0
// Findings as a page for people.
#pragma once

#include <string>

#include "daemon/doctor/finding.hpp"
#include "daemon/stilectl/colour.hpp"

namespace stile::doctor {

// Grouped by the first word of their checks, each with its way out.
[[nodiscard]] std::string findings_text(const Findings& findings, Colour colour);
// One sentence about all of them.
[[nodiscard]] std::string summary(const Findings& findings);

}  // namespace stile::doctor
