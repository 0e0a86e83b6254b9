// SPDX-License-Identifier: Apache-2.0
// What a ticketing platform has to hear about a scan, as a record of the ledger's queue
// (ADMISSION.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/admission/case.hpp"

namespace stile {

// The queue's name in the ledger.
inline constexpr std::string_view kPlatformQueue = "pretix";

// 32 hexadecimal digits, never the same twice.
[[nodiscard]] std::string new_nonce();

// The record of a decided scan. Nothing: the platform is not told (questions are still open, or
// neither event nor list is known to it).
[[nodiscard]] std::optional<std::string> scan_record(const Case& scan, const Decision& decision,
                                                     std::string_view nonce);

// The record of a check-in that is taken back.
struct TakenBack {
    std::string_view event;  // its short name
    std::uint64_t list = 0;
    std::string_view nonce;  // of the check-in
    std::string_view explanation;
    WallTime time;
};
[[nodiscard]] std::string annulment_record(const TakenBack& taken);

}  // namespace stile
