// SPDX-License-Identifier: Apache-2.0
// A cell of the row counts before an option, an option before the list of products.
#include "crypto/issue/batch_rows.hpp"

#include <fmt/format.h>

#include "crypto/hash.hpp"

namespace stile::crypto {
namespace {

// Short, so that 100,000 of them may be kept.
std::string digest_of(std::string_view text) {
    const auto digest = blake2b_128({as_bytes(text)});
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

BatchRows::BatchRows(CsvReader csv, Headings headings, Cells defaults, Products products,
                     std::chrono::sys_seconds now)
    : csv_{std::move(csv)},
      headings_{std::move(headings)},
      defaults_{std::move(defaults)},
      products_{std::move(products)},
      now_{now} {}

Result<BatchRows> BatchRows::open(const std::filesystem::path& path, Cells defaults,
                                  Products products, std::chrono::sys_seconds now) {
    auto csv = CsvReader::open(path);
    if (!csv) return std::unexpected{csv.error()};
    auto headings = Headings::read(*csv, ColumnUse::Row);
    if (!headings) return fail(path.string(), std::move(headings.error()));
    return BatchRows{std::move(*csv), std::move(*headings), std::move(defaults),
                     std::move(products), now};
}

// Rows that say the same are told apart by their number; a reference must be the only one.
Result<std::string> BatchRows::name_of(const Cells& cells) {
    const std::string& ref = cells[Column::Ref];
    std::string name = "ref" + ref;
    if (ref.empty()) {
        name = "row";
        for (const ColumnInfo& info : columns())
            name += '\0' + cells[info.column];
    }
    const std::size_t before = seen_[digest_of(name)]++;
    if (!ref.empty() && before > 0)
        return fail(Errc::Invalid, fmt::format("column ref: \"{}\" was there already", ref));
    return name + '\0' + fmt::format("{}", before);
}

Result<BatchRow> BatchRows::read(const CsvRow& row) {
    auto cells = headings_.cells_of(row);
    if (!cells) return std::unexpected{cells.error()};
    auto name = name_of(*cells);
    if (!name) return std::unexpected{name.error()};
    cells->fill_from(defaults_);
    if (auto filled = fill_from_product(*cells, products_); !filled)
        return fail("column product", std::move(filled.error()));
    auto plan = make_plan(*cells, now_);
    if (!plan)
        return fail(Errc::Invalid, fmt::format("column {}: {}", column_name(plan.error().column),
                                               plan.error().text));
    return BatchRow{.line = row.line, .plan = std::move(*plan), .name = std::move(*name)};
}

Result<BatchRows::Row> BatchRows::next() {
    const auto row = csv_.next();
    if (!row) return std::unexpected{row.error()};
    if (!*row) return Row{};
    auto read_row = read(**row);
    if (read_row) return Row{std::move(*read_row)};
    return Row{std::unexpected{RowFault{(*row)->line, std::move(read_row.error().context)}}};
}

}  // namespace stile::crypto
