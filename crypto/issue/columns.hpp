// SPDX-License-Identifier: Apache-2.0
// What an organiser can say about a ticket: the columns of a CSV file, which are options as well.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stile::crypto {

enum class Column : std::uint8_t {
    Event,
    Serial,
    Product,
    Profile,
    From,
    Until,
    Reissue,
    Admissions,
    Seat,
    Holder,
    HolderProof,
    Class,
    SaleFrom,
    SaleUntil,
    Title,
    Venue,
    Starts,
    Zone,
    Entrance,
    Name,
    Note,
    Ref,
    Count,
};
inline constexpr std::size_t kColumns = static_cast<std::size_t>(Column::Count);

// Where a column is understood.
enum class ColumnUse : std::uint8_t {
    Anywhere,  // options, rows, products
    Row,       // one ticket only: options of `ticket`, rows
    Product,   // what is the same for all tickets of a product
    RowOnly,   // rows only
};

struct ColumnInfo {
    Column column;
    ColumnUse use;
    std::string_view name;  // of the option, with -- before it
    std::string_view value;
    std::string_view help;
};

// One row for each column, in the order of the enumeration.
[[nodiscard]] std::span<const ColumnInfo, kColumns> columns();
[[nodiscard]] std::string_view column_name(Column column);
// The column of a heading: capitals, spaces and underscores do not matter.
[[nodiscard]] std::optional<Column> find_column(std::string_view heading);

// A text for each column; empty where nothing is said.
class Cells {
public:
    [[nodiscard]] std::string& operator[](Column column) {
        return texts_[static_cast<std::size_t>(column)];
    }
    [[nodiscard]] const std::string& operator[](Column column) const {
        return texts_[static_cast<std::size_t>(column)];
    }
    // Takes from `defaults` what is not said here.
    void fill_from(const Cells& defaults);

private:
    std::array<std::string, kColumns> texts_;
};

}  // namespace stile::crypto
