// SPDX-License-Identifier: Apache-2.0
// A report as text for a terminal, as CSV, as JSON, and as a page to print (REPORT.md).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "sync/collector/report.hpp"

namespace stile::sync {

// The columns that all formats have, in their order; refusals by reason come beside them.
struct ReportColumn {
    std::string_view key;    // for programs
    std::string_view title;  // for people
    std::uint64_t Counts::* count;
};
inline constexpr std::array<ReportColumn, 9> kReportColumns{{
    {"entered", "Entered", &Counts::entered},
    {"re_entered", "Re-entered", &Counts::re_entered},
    {"left", "Left", &Counts::left},
    {"overridden", "Override", &Counts::overridden},
    {"annulled", "Annulled", &Counts::annulled},
    {"without_ticket", "No ticket", &Counts::without_ticket},
    {"sold", "Sold", &Counts::sold},
    {"revoked", "Revoked", &Counts::revoked},
    {"no_shows", "No-shows", &Counts::no_shows},
}};

// What was sold belongs to no gate and no time.
inline constexpr std::span<const ReportColumn> kReportColumnsAtGates{kReportColumns.data(), 6};

// All are reentrant and never throw but for want of memory.
[[nodiscard]] std::string report_text(const Report& report);
// RFC 4180. A cell that a spreadsheet would compute gets an apostrophe in front.
[[nodiscard]] std::string report_csv(const Report& report);
// Longer than `most_bytes`, it leaves out the quarters of an hour, then the hours.
[[nodiscard]] std::string report_json(
    const Report& report, std::size_t most_bytes = std::numeric_limits<std::size_t>::max());
// One file without scripts or anything to load, for A4.
[[nodiscard]] std::string report_html(const Report& report);

// What all have to say in words: which event, what is missing.
[[nodiscard]] std::string report_title(const Report& report);
[[nodiscard]] std::string report_span(const Report& report);
[[nodiscard]] std::string report_doubts(const Report& report);  // empty: none
// "2026-05-01 20:15" on the venue's clock.
[[nodiscard]] std::string local_text(WallTime time, const Zone& zone);
// A row's name, its key, or a word for neither.
[[nodiscard]] std::string row_title(const ReportRow& row);

}  // namespace stile::sync
