// SPDX-License-Identifier: Apache-2.0
// Plain work around the rows.
#include "sync/collector/stored_row.hpp"

#include <algorithm>

#include <fmt/format.h>
namespace stile::sync {

void PutBook::stored(std::size_t place, std::uint64_t position) {
    fates_[place] = Fate::Stored;
    positions_[place] = position;
}

void PutBook::found(std::size_t place, std::string_view payload) {
    fates_[place] = payload == batch_[place].payload ? Fate::Known : Fate::Differs;
}

std::vector<Fate> PutBook::finish(Coverage& coverage) {
    for (std::size_t i = 0; i < batch_.size(); ++i) {
        if (fates_[i] != Fate::Stored) continue;
        const GateEntry& entry = batch_[i];
        Coverage::Ledger& ledger = coverage[entry.name.ledger];
        if (entry.name.seq > ledger.stored.newest()) ledger.last = entry.time;
        ledger.stored.add({entry.name.seq, entry.name.seq});
        ledger.position = std::max(ledger.position, positions_[i]);
    }
    return std::move(fates_);
}

std::optional<std::int64_t> as_ms(const std::optional<WallTime>& time) {
    if (!time) return std::nullopt;
    return time->time_since_epoch().count();
}

std::optional<Bytes> as_blob(const std::optional<crypto::TicketId>& ticket) {
    if (!ticket) return std::nullopt;
    return Bytes{*ticket};
}

crypto::TicketId ticket_of(Bytes blob) {
    crypto::TicketId ticket{};
    if (blob.size() == ticket.size()) std::ranges::copy(blob, ticket.begin());
    return ticket;
}

std::string hex_of(std::uint64_t epoch) {
    return to_hex(big_endian(epoch));
}

std::uint64_t epoch_of(std::string_view hex) {
    const auto bytes = from_hex(hex);
    if (!bytes) return 0;
    ByteReader reader{*bytes};
    return reader.number<std::uint64_t>();
}

Result<StoredEntry> stored_entry(std::uint64_t position, std::string_view gate,
                                 std::string_view payload) {
    auto entry = parse_entry(gate, payload);
    if (!entry) {
        return fail(Errc::Corrupt, fmt::format("the stored entry at {} cannot be read: {}",
                                               position, entry.error().context));
    }
    return StoredEntry{position, std::move(*entry)};
}

std::vector<LedgerStep> ledgers_behind(const Coverage& coverage, const EntryFilter& filter,
                                       const EntryName& after) {
    std::vector<LedgerStep> steps;
    for (Watermark& mark : coverage.watermarks()) {
        if (!filter.gate.empty() && mark.ledger.gate != filter.gate) continue;
        if (mark.ledger < after.ledger) continue;
        const std::uint64_t behind = mark.ledger == after.ledger ? after.seq : 0;
        steps.push_back({std::move(mark.ledger), behind});
    }
    return steps;
}

std::vector<LedgerName> newest_ledgers(const Coverage& coverage, std::string_view gate) {
    std::vector<Watermark> marks = coverage.watermarks();
    std::erase_if(marks, [gate](const Watermark& mark) { return mark.ledger.gate != gate; });
    std::ranges::sort(marks, std::ranges::greater{}, &Watermark::position);
    std::vector<LedgerName> names;
    for (Watermark& mark : marks)
        names.push_back(std::move(mark.ledger));
    return names;
}

}  // namespace stile::sync
