// SPDX-License-Identifier: Apache-2.0
// One moment as people and programs write it on a command line.
#pragma once

#include <chrono>
#include <string_view>

#include "crypto/base/result.hpp"

namespace stile {

// RFC 3339 as crypto/base/time_text.hpp reads it ("2026-01-31T18:00:00Z",
// "2026-01-31T19:00:00.5+01:00"; a fraction is cut off) or Unix seconds. Years 0 to 9999. Errors:
// Invalid.
[[nodiscard]] Result<std::chrono::sys_seconds> parse_instant(std::string_view text);

// "18:30": the next moment after `now` at which the host's clock shows that. Errors: Invalid.
[[nodiscard]] Result<std::chrono::sys_seconds> parse_daytime(
    std::string_view text, std::chrono::system_clock::time_point now);

}  // namespace stile
