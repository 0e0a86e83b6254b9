// SPDX-License-Identifier: Apache-2.0
// Grows a new generation of the revocation list beside the one in use, and removes old ones.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>

#include "daemon/catalog/catalog.hpp"
#include "daemon/catalog/record_sorter.hpp"
#include "daemon/catalog/revocation_list.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

// Greater than every generation of which a key exists. Errors: Unsupported (there are no more), Io.
[[nodiscard]] Result<std::uint32_t> next_generation(const lmdb::Environment& catalog);

// Writes sorted records in transactions of bounded size. What it wrote is invisible until
// publish(). Thread-bound: catalog thread. All errors: Full, Corrupt, Io.
class GenerationWriter {
public:
    // `generation` is a next_generation(); a transaction ends after `batch_bytes` of keys and
    // values.
    GenerationWriter(lmdb::Environment& catalog, std::uint32_t generation, std::size_t batch_bytes);

    // In the order of RecordSorter::visit.
    [[nodiscard]] Result<void> add(const RevocationRecord& record);
    // Completes `list` with the generation and the counts, and makes it the list in use. Call last.
    [[nodiscard]] Result<void> publish(RevocationList& list);

private:
    [[nodiscard]] Result<void> add_bit(const RevocationRecord& record);
    [[nodiscard]] Result<void> add_reissue(const RevocationRecord& record);
    [[nodiscard]] Result<void> add_hashed(const RevocationRecord& record);
    [[nodiscard]] Result<void> end_chunk();
    [[nodiscard]] Result<void> append(CatalogTable table, Bytes key, Bytes value);
    // In the transaction of the batch, which it begins if need be.
    [[nodiscard]] Result<lmdb::Cursor*> cursor_in(CatalogTable table);
    [[nodiscard]] Result<void> end_batch();

    struct Chunk {
        BitsKey key{};
        std::array<std::uint8_t, kChunkBytes> bytes{};
    };

    lmdb::Environment& catalog_;
    std::uint32_t generation_;
    std::size_t batch_bytes_;
    std::uint64_t bits_ = 0;
    std::uint64_t reissues_ = 0;
    std::uint64_t hashed_ = 0;
    std::optional<Chunk> chunk_;  // the one that is being filled
    std::size_t batched_ = 0;
    // The cursor stands in the writer's transaction: it goes first.
    std::optional<lmdb::Writer> writer_;
    std::optional<lmdb::Cursor> cursor_;
    CatalogTable cursor_table_ = CatalogTable::Meta;
};

// Removes every key that is not of the list in use, at most `step_keys` of them a transaction.
// Errors: Corrupt (it is not known which list is in use: nothing is removed), Closed (stopped),
// Full, Io.
[[nodiscard]] Result<void> remove_leftovers(lmdb::Environment& catalog, std::size_t step_keys,
                                            const std::stop_token& stop);

}  // namespace stile
