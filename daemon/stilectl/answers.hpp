// SPDX-License-Identifier: Apache-2.0
// The daemon's JSON answers as text that a person likes to read.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "daemon/stilectl/lane_test.hpp"

namespace stile {

// An answer that does not have the expected form is printed as it is.
[[nodiscard]] std::string revocation_stat_text(std::string_view json);
[[nodiscard]] std::string revocation_check_text(std::string_view json);
// Whether the answer to revocation-check says that no copy of the ticket is valid.
[[nodiscard]] bool says_revoked(std::string_view json);

[[nodiscard]] std::string catalog_import_text(std::string_view json);
[[nodiscard]] std::string catalog_stat_text(std::string_view json);
[[nodiscard]] std::string catalog_show_text(std::string_view json);

// What each act of the staff has done.
[[nodiscard]] std::string opened_text(std::string_view json);
[[nodiscard]] std::string mode_text(std::string_view json);
[[nodiscard]] std::string override_text(std::string_view json);
[[nodiscard]] std::string annulled_text(std::string_view json);

// What a reload has done.
[[nodiscard]] std::string reload_text(std::string_view json);

// The lanes of an answer to status, and their modes.
[[nodiscard]] std::string lanes_text(std::string_view json);
[[nodiscard]] std::string lanes_json(std::string_view json);

// Where the ledger ends, from an answer to status. Errors: Invalid.
struct LedgerEnd {
    std::string gate;
    std::uint64_t seq = 0;
};
[[nodiscard]] Result<LedgerEnd> ledger_end(std::string_view json);

// The answer to test-begin. Errors: Invalid.
[[nodiscard]] Result<LaneOffer> lane_offer(std::string_view json);
// {"lane", "passed", "steps": [{"step", "outcome", "detail", "advice"}]}
[[nodiscard]] std::string lane_report_json(const std::string& lane,
                                           std::span<const LaneFinding> findings);

}  // namespace stile
