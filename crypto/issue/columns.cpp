// SPDX-License-Identifier: Apache-2.0
// The table of columns.
#include "crypto/issue/columns.hpp"

#include <algorithm>

namespace stile::crypto {
namespace {

constexpr ColumnInfo kTable[] = {
    {Column::Event, ColumnUse::Anywhere, "event", "N", "Event number"},
    {Column::Serial, ColumnUse::Row, "serial", "N",
     "Unique in the event; default: auto, the next one"},
    {Column::Product, ColumnUse::Anywhere, "product", "N", "Product number; default 0"},
    {Column::Profile, ColumnUse::Product, "profile", "N", "Access profile; default 0"},
    {Column::From, ColumnUse::Product, "from", "TIME", "Valid from; default now"},
    {Column::Until, ColumnUse::Product, "until", "TIME", "Valid until"},
    {Column::Reissue, ColumnUse::Row, "reissue", "N",
     "Re-issue counter: the highest copy is the valid one; default 0"},
    {Column::Admissions, ColumnUse::Product, "admissions", "N",
     "People it admits, 255: no limit; default 1"},
    {Column::Seat, ColumnUse::Row, "seat", "TEXT", "At most 24 bytes of UTF-8"},
    {Column::Holder, ColumnUse::Row, "holder-key", "HEX",
     "Binds the ticket to this key (33 bytes)"},
    {Column::HolderProof, ColumnUse::Product, "proof", "WHEN",
     "With a holder key: required (default) or optional"},
    {Column::Class, ColumnUse::Product, "class", "CLASS",
     "guest (default), vip, crew or staff; staff needs a holder key"},
    {Column::SaleFrom, ColumnUse::Product, "sale-from", "TIME", "Presale: not made before"},
    {Column::SaleUntil, ColumnUse::Product, "sale-until", "TIME", "Presale: not made after"},
    {Column::Title, ColumnUse::Product, "title", "TEXT", "PDF: name of the event"},
    {Column::Venue, ColumnUse::Product, "venue", "TEXT", "PDF: where it is"},
    {Column::Starts, ColumnUse::Product, "starts", "TIME", "PDF: when it begins"},
    {Column::Zone, ColumnUse::Product, "zone", "ZONE",
     "PDF: time zone, like Europe/Berlin; default UTC"},
    {Column::Entrance, ColumnUse::Product, "entrance", "TEXT", "PDF: which entrance"},
    {Column::Name, ColumnUse::Row, "name", "TEXT", "PDF: of the guest; never in the code"},
    {Column::Note, ColumnUse::Product, "note", "TEXT", "PDF: one more line"},
    {Column::Ref, ColumnUse::RowOnly, "ref", "TEXT",
     "Your order number: a row that has one may be corrected later"},
};
static_assert(std::size(kTable) == kColumns);

char folded(char c) {
    if (c == '_' || c == ' ') return '-';
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::span<const ColumnInfo, kColumns> columns() {
    return kTable;
}

std::string_view column_name(Column column) {
    return kTable[static_cast<std::size_t>(column)].name;
}

std::optional<Column> find_column(std::string_view heading) {
    const auto* const at = std::ranges::find_if(kTable, [heading](const ColumnInfo& info) {
        return std::ranges::equal(heading, info.name, {}, folded);
    });
    if (at == std::end(kTable)) return std::nullopt;
    return at->column;
}

void Cells::fill_from(const Cells& defaults) {
    for (std::size_t i = 0; i < kColumns; ++i)
        if (texts_[i].empty()) texts_[i] = defaults.texts_[i];
}

}  // namespace stile::crypto
