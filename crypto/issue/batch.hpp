// SPDX-License-Identifier: Apache-2.0
// `stile-issue batch`: a CSV file becomes tickets, as many times as it takes to get through.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "crypto/issue/columns.hpp"
#include "crypto/issue/desk.hpp"
#include "crypto/issue/forms.hpp"

namespace stile::crypto {

enum class Strictness : std::uint8_t {
    Lenient,    // a bad row is named and passed over
    Strict,     // if one row is bad, nothing is made
    CheckOnly,  // nothing is made anyhow
};

struct BatchOptions {
    DeskOptions desk;
    std::filesystem::path csv;
    std::filesystem::path out;       // a folder
    std::string name;                // of the batch; empty: that of the CSV file
    std::filesystem::path products;  // empty: none
    Cells defaults;                  // for cells that are empty in a row
    std::vector<Form> forms;
    bool sheets = false;  // also four tickets a page
    bool texts = false;   // also tickets.csv
    std::size_t module_pixels = 8;
    unsigned jobs = 0;  // 0: as many as there are processors
    Strictness strictness = Strictness::Lenient;
};

struct BatchTotals {
    std::size_t tickets = 0;
    std::size_t made_before = 0;  // of these
    std::size_t refused = 0;      // rows
};

// Can be killed at any moment and run again: what a row has become is in the issue log, so the same
// row becomes the same ticket. Bad rows are named on standard error, and are no error here. Errors:
// everything that stops the whole batch.
[[nodiscard]] Result<BatchTotals> run_batch(const BatchOptions& options);

}  // namespace stile::crypto
