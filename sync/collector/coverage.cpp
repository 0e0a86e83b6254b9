// SPDX-License-Identifier: Apache-2.0
// Ranges that grow together.
#include "sync/collector/coverage.hpp"

#include <algorithm>
#include <iterator>

namespace stile::sync {

void SeqSet::add(SeqRange range) {
    auto next = ranges_.upper_bound(range.from);
    if (next != ranges_.begin()) {
        const auto before = std::prev(next);
        if (before->second >= range.from || before->second + 1 == range.from) next = before;
    }
    while (next != ranges_.end() && next->first <= range.to + 1) {
        range.from = std::min(range.from, next->first);
        range.to = std::max(range.to, next->second);
        count_ -= next->second - next->first + 1;
        next = ranges_.erase(next);
    }
    ranges_.emplace_hint(next, range.from, range.to);
    count_ += range.to - range.from + 1;
}

bool SeqSet::has(std::uint64_t seq) const {
    const auto next = ranges_.upper_bound(seq);
    return next != ranges_.begin() && std::prev(next)->second >= seq;
}

std::uint64_t SeqSet::contiguous_end() const {
    const bool whole = !ranges_.empty() && ranges_.begin()->first == 1;
    return whole ? ranges_.begin()->second : 0;
}

std::vector<SeqRange> SeqSet::gaps(std::size_t limit) const {
    std::vector<SeqRange> found;
    std::uint64_t expected = 1;
    for (const auto& [from, to] : ranges_) {
        if (found.size() == limit) break;
        if (from > expected) found.push_back({expected, from - 1});
        expected = to + 1;
    }
    return found;
}

bool Coverage::has(const EntryName& entry) const {
    const auto ledger = ledgers_.find(entry.ledger);
    return ledger != ledgers_.end() && ledger->second.stored.has(entry.seq);
}

std::uint64_t Coverage::newest(const LedgerName& ledger) const {
    const auto found = ledgers_.find(ledger);
    return found == ledgers_.end() ? 0 : found->second.stored.newest();
}

std::vector<Watermark> Coverage::watermarks() const {
    std::vector<Watermark> all;
    for (const auto& [name, ledger] : ledgers_) {
        all.push_back({.ledger = name,
                       .seq = ledger.stored.contiguous_end(),
                       .newest = ledger.stored.newest(),
                       .missing = ledger.stored.missing(),
                       .last = ledger.last,
                       .position = ledger.position});
    }
    return all;
}

std::vector<SeqRange> Coverage::gaps(const LedgerName& ledger, std::size_t limit) const {
    const auto found = ledgers_.find(ledger);
    return found == ledgers_.end() ? std::vector<SeqRange>{} : found->second.stored.gaps(limit);
}

}  // namespace stile::sync
