// SPDX-License-Identifier: Apache-2.0
// What others may say to a gate over MQTT: how far they have stored its entries, and which they
// want again. It comes from a network that anybody may write to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "daemon/entry/entry_json.hpp"

namespace stile::sync {

inline constexpr std::size_t kMaxRequestBytes = 1'024;
inline constexpr std::uint64_t kMaxReplay = 10'000;  // entries in one request

// The watermark of a collector, as on `ack/{collector}`. Errors: Invalid. Never throws; reentrant.
[[nodiscard]] Result<EntryKey> parse_watermark(std::string_view collector,
                                               std::string_view payload);

struct ReplayRequest {
    std::string from_whom;  // [a-z0-9-]{1,63}
    std::uint64_t epoch = 0;
    std::uint64_t from = 0;  // at least 1
    std::uint64_t to = 0;    // at least `from`, at most kMaxReplay entries
};
// As on `replay`. Errors: Invalid. Never throws; reentrant.
[[nodiscard]] Result<ReplayRequest> parse_replay(std::string_view payload);

}  // namespace stile::sync
