// SPDX-License-Identifier: Apache-2.0
// Whether two letters name a country.
#pragma once

#include <string_view>

namespace stile {

// One of ISO 3166-1 in capitals, or XK, which is in use for Kosovo.
[[nodiscard]] bool is_country(std::string_view code);

}  // namespace stile
