// SPDX-License-Identifier: Apache-2.0
// The rows of a batch: each a plan for one ticket, or a fault with its place.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <unordered_map>

#include "crypto/base/result.hpp"
#include "crypto/issue/csv/csv.hpp"
#include "crypto/issue/plan.hpp"
#include "crypto/issue/products.hpp"

namespace stile::crypto {

struct BatchRow {
    std::size_t line = 0;
    TicketPlan plan;
    std::string name;  // the same when the batch runs again: its reference, or else all it says
};

struct RowFault {
    std::size_t line = 0;
    std::string text;
};

class BatchRows {
public:
    // Errors: NotFound, Io, Invalid (headings).
    [[nodiscard]] static Result<BatchRows> open(const std::filesystem::path& csv, Cells defaults,
                                                Products products, std::chrono::sys_seconds now);

    using Row = std::optional<std::expected<BatchRow, RowFault>>;
    // The next row, a fault in its place, or nothing at the end. Errors: Io.
    [[nodiscard]] Result<Row> next();
    [[nodiscard]] std::size_t bytes_read() const { return csv_.bytes_read(); }

private:
    BatchRows(CsvReader csv, Headings headings, Cells defaults, Products products,
              std::chrono::sys_seconds now);
    [[nodiscard]] Result<BatchRow> read(const CsvRow& row);
    [[nodiscard]] Result<std::string> name_of(const Cells& cells);

    CsvReader csv_;
    Headings headings_;
    Cells defaults_;
    Products products_;
    std::chrono::sys_seconds now_;
    std::unordered_map<std::string, std::size_t> seen_;  // rows of one name so far
};

}  // namespace stile::crypto
