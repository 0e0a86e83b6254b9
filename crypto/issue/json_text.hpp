// SPDX-License-Identifier: Apache-2.0
// A string as JSON writes it.
#pragma once

#include <string>
#include <string_view>

namespace stile::crypto {

// With its quotation marks. Quotes, backslashes and control characters are escaped; the rest stays.
[[nodiscard]] std::string json_text(std::string_view text);

}  // namespace stile::crypto
