// SPDX-License-Identifier: Apache-2.0
// Answers of PostgreSQL as what they stand for.
#include "sync/postgresql/rows.hpp"

#include <fmt/format.h>

#include "sync/collector/stored_row.hpp"

namespace stile::sync {

// "($1::bigint,$2::text),($3::bigint,$4::text)"
std::string places(std::size_t rows, std::initializer_list<std::string_view> types) {
    std::string out;
    std::size_t number = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        char before = '(';
        out += row == 0 ? "" : ",";
        for (const std::string_view type : types) {
            out += fmt::format("{}${}::{}", before, ++number, type);
            before = ',';
        }
        out += ')';
    }
    return out;
}

Result<std::vector<StoredEntry>> entries_of(const Result<PgRows>& rows) {
    if (!rows) return std::unexpected{rows.error()};
    std::vector<StoredEntry> found;
    for (int i = 0; i < rows->count(); ++i) {
        auto entry = stored_entry(as_count(rows->number(i, 0)), rows->text(i, 1), rows->text(i, 2));
        if (!entry) return std::unexpected{entry.error()};
        found.push_back(std::move(*entry));
    }
    return found;
}

Result<std::vector<SoldTicket>> sold_of(const Result<PgRows>& rows) {
    if (!rows) return std::unexpected{rows.error()};
    std::vector<SoldTicket> found;
    for (int i = 0; i < rows->count(); ++i) {
        found.push_back({.ticket = ticket_of(rows->blob(i, 0)),
                         .event = static_cast<std::uint32_t>(rows->number(i, 1)),
                         .product = as_count(rows->number(i, 2)),
                         .channel = std::string{rows->text(i, 3)},
                         .people = static_cast<std::uint32_t>(rows->number(i, 4))});
    }
    return found;
}

Result<void> load_coverage(PgConnection& server, Coverage& coverage) {
    const auto islands = server.ask(
        "SELECT l.gate, l.epoch, min(e.seq), max(e.seq) FROM (SELECT ledger, seq, seq -"
        " row_number() OVER (PARTITION BY ledger ORDER BY seq) AS island FROM stile_entries) e"
        " JOIN stile_ledgers l ON l.id = e.ledger GROUP BY l.gate, l.epoch, e.island");
    if (!islands) return std::unexpected{islands.error()};
    const auto ends = server.ask(
        "SELECT l.gate, l.epoch, max(e.position), (SELECT n.at FROM stile_entries n"
        " WHERE n.ledger = l.id ORDER BY n.seq DESC LIMIT 1)"
        " FROM stile_ledgers l JOIN stile_entries e ON e.ledger = l.id GROUP BY l.id");
    if (!ends) return std::unexpected{ends.error()};
    coverage.clear();
    const auto ledger = [&coverage](const PgRows& rows, int row) -> Coverage::Ledger& {
        return coverage[{std::string{rows.text(row, 0)}, epoch_of(rows.text(row, 1))}];
    };
    for (int i = 0; i < islands->count(); ++i) {
        ledger(*islands, i)
            .stored.add({as_count(islands->number(i, 2)), as_count(islands->number(i, 3))});
    }
    for (int i = 0; i < ends->count(); ++i) {
        ledger(*ends, i).position = as_count(ends->number(i, 2));
        if (!ends->is_null(i, 3))
            ledger(*ends, i).last = WallTime{std::chrono::milliseconds{ends->number(i, 3)}};
    }
    return {};
}

}  // namespace stile::sync
