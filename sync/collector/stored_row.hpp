// SPDX-License-Identifier: Apache-2.0
// What all adapters of the store do alike, whatever their SQL is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "sync/collector/store.hpp"

namespace stile::sync {

// Writes down what became of a batch, and tells the coverage once it is durable.
class PutBook {
public:
    explicit PutBook(std::span<const GateEntry> batch)
        : batch_{batch}, fates_(batch.size(), Fate::Known), positions_(batch.size()) {}

    void stored(std::size_t place, std::uint64_t position);
    // Its key was there, with this payload.
    void found(std::size_t place, std::string_view payload);
    // After the commit.
    [[nodiscard]] std::vector<Fate> finish(Coverage& coverage);

private:
    std::span<const GateEntry> batch_;
    std::vector<Fate> fates_;
    std::vector<std::uint64_t> positions_;
};

// Databases have numbers with a sign; entries and tickets have none beyond 2^53.
[[nodiscard]] inline std::int64_t as_number(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}
[[nodiscard]] inline std::uint64_t as_count(std::int64_t value) {
    return static_cast<std::uint64_t>(value);
}
// Milliseconds since 1970, bytes, and back.
[[nodiscard]] std::optional<std::int64_t> as_ms(const std::optional<WallTime>& time);
[[nodiscard]] std::optional<Bytes> as_blob(const std::optional<crypto::TicketId>& ticket);
[[nodiscard]] crypto::TicketId ticket_of(Bytes blob);

// 16 hexadecimal digits, as epochs are stored.
[[nodiscard]] std::string hex_of(std::uint64_t epoch);
[[nodiscard]] std::uint64_t epoch_of(std::string_view hex);

// A row as the entry that it was. Errors: Corrupt.
[[nodiscard]] Result<StoredEntry> stored_entry(std::uint64_t position, std::string_view gate,
                                               std::string_view payload);

// The ledgers that a question in order goes through, and behind which entry of each.
struct LedgerStep {
    LedgerName ledger;
    std::uint64_t behind = 0;
};
[[nodiscard]] std::vector<LedgerStep> ledgers_behind(const Coverage& coverage,
                                                     const EntryFilter& filter,
                                                     const EntryName& after);

// The ledgers of a gate, that which was heard last first.
[[nodiscard]] std::vector<LedgerName> newest_ledgers(const Coverage& coverage,
                                                     std::string_view gate);

}  // namespace stile::sync
