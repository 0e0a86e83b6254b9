// SPDX-License-Identifier: Apache-2.0
// Times as people write them on a command line and as key files keep them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"

namespace stile::crypto {

// "2026-01-31T18:00:00Z". Years 0 to 9999.
[[nodiscard]] std::string to_rfc3339(std::chrono::sys_seconds time);

// RFC 3339 in UTC with whole seconds, exactly as to_rfc3339 writes it. Errors: Invalid.
[[nodiscard]] Result<std::chrono::sys_seconds> parse_rfc3339(std::string_view text);

// RFC 3339, "now", or a distance from now: a sign, a number, and s, m, h or d ("+2h", "-30m").
// Errors: Invalid, with both forms named.
[[nodiscard]] Result<std::chrono::sys_seconds> parse_time(std::string_view text,
                                                          std::chrono::sys_seconds now);

}  // namespace stile::crypto
