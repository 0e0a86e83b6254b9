// SPDX-License-Identifier: Apache-2.0
// Times as people write them on a command line and as key files keep them.
#pragma once

#include <chrono>
#include <string_view>

#include "crypto/base/result.hpp"
#include "crypto/base/time_text.hpp"

namespace stile::crypto {

// RFC 3339 in UTC with whole seconds, exactly as to_rfc3339 writes it: what is signed or logged has
// one spelling. Errors: Invalid.
[[nodiscard]] Result<std::chrono::sys_seconds> parse_utc_seconds(std::string_view text);

// RFC 3339, "now", or a distance from now: a sign, a number, and s, m, h or d ("+2h", "-30m").
// Errors: Invalid, with both forms named.
[[nodiscard]] Result<std::chrono::sys_seconds> parse_time(std::string_view text,
                                                          std::chrono::sys_seconds now);

}  // namespace stile::crypto
