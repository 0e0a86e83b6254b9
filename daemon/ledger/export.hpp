// SPDX-License-Identifier: Apache-2.0
// Entries for spreadsheets and other programs.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "daemon/ledger/ledger.hpp"

namespace stile {

enum class ExportForm : std::uint8_t { Csv, JsonLines };

struct ExportWish {
    std::string gate;  // its name in each line
    WallTime from;     // entries from here on
    WallTime until;    // and before this
    ExportForm form = ExportForm::JsonLines;
};

// Gives each line with its line feed, in the order of the log; CSV begins with a line of names.
// Returns the number of entries. Blocks for the whole log. Errors: Corrupt, Io.
[[nodiscard]] Result<std::uint64_t> export_entries(
    const Ledger& ledger, const ExportWish& wish,
    const std::function<void(std::string_view line)>& put);

// One cell: quoted where CSV needs it, and never a formula for a spreadsheet.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace stile
