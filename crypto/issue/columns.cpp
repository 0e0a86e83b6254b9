// SPDX-License-Identifier: Apache-2.0
// The table of columns.
#include "crypto/issue/columns.hpp"

#include <algorithm>

namespace stile::crypto {
namespace {

constexpr ColumnInfo kTable[] = {
    {Column::Event, "event", "N", "Event number", ColumnUse::Anywhere},
    {Column::Serial, "serial", "N", "Unique in the event; default: auto, the next one",
     ColumnUse::Row},
    {Column::Product, "product", "N", "Product number; default 0", ColumnUse::Anywhere},
    {Column::Profile, "profile", "N", "Access profile; default 0", ColumnUse::Product},
    {Column::From, "from", "TIME", "Valid from; default now", ColumnUse::Product},
    {Column::Until, "until", "TIME", "Valid until", ColumnUse::Product},
    {Column::Reissue, "reissue", "N",
     "Re-issue counter: the highest copy is the valid one; default 0", ColumnUse::Row},
    {Column::Admissions, "admissions", "N", "People it admits, 255: no limit; default 1",
     ColumnUse::Product},
    {Column::Seat, "seat", "TEXT", "At most 24 bytes of UTF-8", ColumnUse::Row},
    {Column::Holder, "holder-key", "HEX", "Binds the ticket to this key (33 bytes)",
     ColumnUse::Row},
    {Column::HolderProof, "proof", "WHEN", "With a holder key: required (default) or optional",
     ColumnUse::Product},
    {Column::Class, "class", "CLASS",
     "guest (default), vip, crew or staff; staff needs a holder key", ColumnUse::Product},
    {Column::SaleFrom, "sale-from", "TIME", "Presale: not made before", ColumnUse::Product},
    {Column::SaleUntil, "sale-until", "TIME", "Presale: not made after", ColumnUse::Product},
    {Column::Title, "title", "TEXT", "PDF: name of the event", ColumnUse::Product},
    {Column::Venue, "venue", "TEXT", "PDF: where it is", ColumnUse::Product},
    {Column::Starts, "starts", "TIME", "PDF: when it begins", ColumnUse::Product},
    {Column::Zone, "zone", "ZONE", "PDF: time zone, like Europe/Berlin; default UTC",
     ColumnUse::Product},
    {Column::Entrance, "entrance", "TEXT", "PDF: which entrance", ColumnUse::Product},
    {Column::Name, "name", "TEXT", "PDF: of the guest; never in the code", ColumnUse::Row},
    {Column::Note, "note", "TEXT", "PDF: one more line", ColumnUse::Product},
    {Column::Ref, "ref", "TEXT", "Your order number: a row that has one may be corrected later",
     ColumnUse::RowOnly},
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
