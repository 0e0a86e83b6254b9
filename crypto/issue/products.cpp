// SPDX-License-Identifier: Apache-2.0
// Reads headings, and a list of products whose every line must be right.
#include "crypto/issue/products.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/issue/plan.hpp"
#include "crypto/issue/words.hpp"

namespace stile::crypto {
namespace {

bool may_stand(Column column, ColumnUse file) {
    const ColumnUse use = columns()[static_cast<std::size_t>(column)].use;
    if (file == ColumnUse::Product) return use == ColumnUse::Product || column == Column::Product;
    return true;
}

std::string known_names(ColumnUse file) {
    std::string names;
    for (const ColumnInfo& info : columns())
        if (may_stand(info.column, file))
            names += (names.empty() ? "" : ", ") + std::string{info.name};
    return names;
}

}  // namespace

Result<Headings> Headings::read(CsvReader& csv, ColumnUse file) {
    const auto row = csv.next();
    if (!row) return std::unexpected{row.error()};
    if (!*row) return fail(Errc::Invalid, "line 1: no headings");
    if (!(*row)->fault.empty()) return fail(Errc::Invalid, "line 1: " + (*row)->fault);
    Headings headings;
    for (const std::string& text : (*row)->cells) {
        const auto column = find_column(text);
        if (!column || !may_stand(*column, file))
            return fail(Errc::Invalid,
                        fmt::format("line 1: no column is called \"{}\"; there are {}", text,
                                    known_names(file)));
        if (std::ranges::find(headings.columns_, *column) != headings.columns_.end())
            return fail(Errc::Invalid, fmt::format("line 1: column {} is there twice", text));
        headings.columns_.push_back(*column);
    }
    return headings;
}

Result<Cells> Headings::cells_of(const CsvRow& row) const {
    if (!row.fault.empty()) return fail(Errc::Invalid, row.fault);
    if (row.cells.size() > columns_.size())
        return fail(Errc::Invalid,
                    fmt::format("{} cells under {} headings: is a separator unquoted?",
                                row.cells.size(), columns_.size()));
    Cells cells;
    for (std::size_t i = 0; i < row.cells.size(); ++i)
        cells[columns_[i]] = row.cells[i];
    return cells;
}

namespace {

Result<void> add_product(Products& products, const Cells& cells, std::chrono::sys_seconds now) {
    if (const auto plan = make_plan(cells, now, Demand::NothingYet); !plan)
        return fail(Errc::Invalid, fmt::format("column {}: {}", column_name(plan.error().column),
                                               plan.error().text));
    const auto number = parse_number<std::uint16_t>(cells[Column::Product]);
    if (!number) return fail(Errc::Invalid, "column product: missing");
    if (!products.try_emplace(*number, cells).second)
        return fail(Errc::Invalid, fmt::format("product {} is there twice", *number));
    return {};
}

Result<Products> read_rows(CsvReader& csv, std::chrono::sys_seconds now) {
    const auto headings = Headings::read(csv, ColumnUse::Product);
    if (!headings) return std::unexpected{headings.error()};
    Products products;
    for (;;) {
        const auto row = csv.next();
        if (!row) return std::unexpected{row.error()};
        if (!*row) return products;
        const auto cells = headings->cells_of(**row);
        auto added = cells ? add_product(products, *cells, now)
                           : Result<void>{std::unexpected{cells.error()}};
        if (!added) return fail(fmt::format("line {}", (*row)->line), std::move(added.error()));
    }
}

}  // namespace

Result<Products> read_products(const std::filesystem::path& path, std::chrono::sys_seconds now) {
    auto csv = CsvReader::open(path);
    if (!csv) return std::unexpected{csv.error()};
    auto products = read_rows(*csv, now);
    if (!products) return fail(path.string(), std::move(products.error()));
    return products;
}

Result<void> fill_from_product(Cells& cells, const Products& products) {
    if (products.empty()) return {};
    const std::string& text = cells[Column::Product];
    const auto number = text.empty() ? std::uint16_t{0} : parse_number<std::uint16_t>(text);
    const auto at = number ? products.find(*number) : products.end();
    if (at == products.end())
        return fail(Errc::Invalid, fmt::format("\"{}\" is not in the list of products", text));
    cells.fill_from(at->second);
    return {};
}

}  // namespace stile::crypto
