// SPDX-License-Identifier: Apache-2.0
// Which entries are stored: how far each ledger goes without a gap, and what is missing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "sync/collector/entry.hpp"

namespace stile::sync {

// Sequence numbers, both inclusive.
struct SeqRange {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    friend bool operator==(const SeqRange&, const SeqRange&) = default;
};

// A set of sequence numbers, as few ranges as possible.
class SeqSet {
public:
    void add(SeqRange range);
    [[nodiscard]] bool has(std::uint64_t seq) const;
    // The end of the range that begins with 1; 0: entry 1 is not there.
    [[nodiscard]] std::uint64_t contiguous_end() const;
    [[nodiscard]] std::uint64_t newest() const {
        return ranges_.empty() ? 0 : ranges_.rbegin()->second;
    }
    // Numbers below newest() that are not there.
    [[nodiscard]] std::uint64_t missing() const { return newest() - count_; }
    // The first `limit` gaps, in order.
    [[nodiscard]] std::vector<SeqRange> gaps(std::size_t limit) const;

private:
    std::map<std::uint64_t, std::uint64_t> ranges_;  // from, to
    std::uint64_t count_ = 0;
};

// What is known of one ledger.
struct Watermark {
    LedgerName ledger;
    std::uint64_t seq = 0;         // everything up to it is stored
    std::uint64_t newest = 0;      // the highest number that is stored
    std::uint64_t missing = 0;     // numbers below `newest` that are not stored
    std::optional<WallTime> last;  // the time of entry `newest`, if it has one
    std::uint64_t position = 0;    // in the store, of what came last: the highest of a gate is its
                                   // present epoch
    friend bool operator==(const Watermark&, const Watermark&) = default;
};

class Coverage {
public:
    struct Ledger {
        SeqSet stored;
        std::optional<WallTime> last;
        std::uint64_t position = 0;
    };

    Ledger& operator[](const LedgerName& name) { return ledgers_[name]; }
    void clear() { ledgers_.clear(); }

    [[nodiscard]] bool has(const EntryName& entry) const;
    // The highest number that is stored of a ledger; 0: none.
    [[nodiscard]] std::uint64_t newest(const LedgerName& ledger) const;
    // Of all ledgers, in their order.
    [[nodiscard]] std::vector<Watermark> watermarks() const;
    // The first `limit` gaps of a ledger: what to ask its gate for.
    [[nodiscard]] std::vector<SeqRange> gaps(const LedgerName& ledger,
                                             std::size_t limit = 100) const;

private:
    std::map<LedgerName, Ledger> ledgers_;
};

}  // namespace stile::sync
