// SPDX-License-Identifier: Apache-2.0
// Text of unknown origin made safe to print.
#pragma once

#include <string>
#include <string_view>

namespace stile::devices {

// Each byte that is not part of a well-formed UTF-8 character becomes U+FFFD.
[[nodiscard]] std::string well_formed_utf8(std::string_view text);

}  // namespace stile::devices
