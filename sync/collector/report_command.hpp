// SPDX-License-Identifier: Apache-2.0
// What `stile-collector report` does; its command line is elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crypto/base/result.hpp"
#include "sync/collector/config.hpp"
#include "sync/collector/report.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {

// As it was typed.
struct ReportWishes {
    std::optional<std::uint64_t> event;
    std::string from;
    std::string to;
    std::string format = "text";  // text, csv, json, html
    std::string output;           // a file; empty: printed
};

// Names and the venue's clock. Errors: Config (no such zone).
[[nodiscard]] Result<ReportNames> report_names(const CollectorConfig& config);

// The whole text. Errors: Invalid (a time that is none, or an end before the beginning), Config,
// the store's.
[[nodiscard]] Result<std::string> report_of(EntryStore& store, const ReportNames& names,
                                            const ReportWishes& wishes);

// Opens the store, and prints or writes a file. The exit code. Errors: as above, and Io.
[[nodiscard]] Result<int> run_report(const CollectorConfig& config, const ReportWishes& wishes);

}  // namespace stile::sync
