// SPDX-License-Identifier: Apache-2.0
// The organiser's list of products: what is the same for all tickets of a class (group, VIP, crew,
// staff, presale).
#pragma once

#include <filesystem>
#include <map>

#include "crypto/base/result.hpp"
#include "crypto/issue/columns.hpp"
#include "crypto/issue/csv/csv.hpp"

namespace stile::crypto {

// The headings of a CSV file with their columns.
class Headings {
public:
    // Takes the first row of a file of tickets (Row) or of products (Product). Errors: Invalid for
    // a heading that is unknown there, or that is there twice.
    [[nodiscard]] static Result<Headings> read(CsvReader& csv, ColumnUse file);
    // Errors: Invalid for more cells than headings.
    [[nodiscard]] Result<Cells> cells_of(const CsvRow& row) const;

private:
    std::vector<Column> columns_;
};

using Products = std::map<std::uint16_t, Cells>;

// Reads a CSV file with a column `product`. Errors: Invalid (names line and column), NotFound, Io.
[[nodiscard]] Result<Products> read_products(const std::filesystem::path& path,
                                             std::chrono::sys_seconds now);

// Fills the empty cells of a ticket from its product, if the list has it. A product that is not in
// a list which is not empty is a fault.
[[nodiscard]] Result<void> fill_from_product(Cells& cells, const Products& products);

}  // namespace stile::crypto
