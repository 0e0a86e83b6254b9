// SPDX-License-Identifier: Apache-2.0
// Batches of appended records, the one flip, and the removal in steps.
#include "daemon/catalog/generation.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "daemon/catalog/sweep.hpp"

namespace stile {
namespace {

constexpr std::array kListTables{CatalogTable::Bits, CatalogTable::Reissue, CatalogTable::Hashed};
constexpr std::size_t kPairOverhead = 16;  // about what LMDB adds to a key and a value

}  // namespace

Result<std::uint32_t> next_generation(const lmdb::Environment& catalog) {
    auto reader = catalog.read();
    if (!reader) return std::unexpected{std::move(reader.error())};
    std::uint32_t highest = 0;
    // A damaged description is no obstacle: a new list is its cure.
    if (const auto list = read_revocation_list(catalog, *reader)) highest = list->generation;
    for (const CatalogTable table : kListTables) {
        auto cursor = lmdb::Cursor::open(*reader, table_of(catalog, table));
        if (!cursor) return std::unexpected{std::move(cursor.error())};
        const auto last = cursor->last();
        if (!last) return std::unexpected{last.error()};
        if (const std::optional<lmdb::Pair>& pair = *last)
            highest = std::max(highest, generation_of(pair->first));
    }
    if (highest == std::numeric_limits<std::uint32_t>::max())
        return fail(Errc::Unsupported, "the catalog has no more generation numbers");
    return highest + 1;
}

GenerationWriter::GenerationWriter(lmdb::Environment& catalog, std::uint32_t generation,
                                   std::size_t batch_bytes)
    : catalog_{catalog}, generation_{generation}, batch_bytes_{batch_bytes} {}

Result<void> GenerationWriter::add(const RevocationRecord& record) {
    switch (record.kind) {
        case RecordKind::Bit:
            return add_bit(record);
        case RecordKind::Reissue:
            return add_reissue(record);
        case RecordKind::Hashed:
            return add_hashed(record);
    }
    std::unreachable();
}

Result<void> GenerationWriter::add_bit(const RevocationRecord& record) {
    const auto key = bits_key(generation_, crypto::IssuerId{record.issuer}, record.event,
                              static_cast<std::uint32_t>(record.serial / kChunkSerials));
    if (!chunk_ || chunk_->key != key) {
        if (auto ended = end_chunk(); !ended) return ended;
        chunk_.emplace(Chunk{.key = key});
    }
    const std::uint64_t bit = record.serial % kChunkSerials;
    auto& byte = chunk_->bytes[bit / 8];
    byte = static_cast<std::uint8_t>(byte | 1U << (bit % 8));
    ++bits_;
    return {};
}

Result<void> GenerationWriter::add_reissue(const RevocationRecord& record) {
    const auto key =
        reissue_key(generation_, crypto::IssuerId{record.issuer}, record.event, record.serial);
    ++reissues_;
    return append(CatalogTable::Reissue, key,
                  big_endian(static_cast<std::uint8_t>(255 - record.order)));
}

Result<void> GenerationWriter::add_hashed(const RevocationRecord& record) {
    ++hashed_;
    return append(CatalogTable::Hashed, hashed_key(generation_, record.head),
                  big_endian(record.serial));
}

Result<void> GenerationWriter::end_chunk() {
    if (!chunk_) return {};
    auto appended = append(CatalogTable::Bits, chunk_->key, chunk_->bytes);
    chunk_.reset();
    return appended;
}

Result<lmdb::Cursor*> GenerationWriter::cursor_in(CatalogTable table) {
    if (!writer_) {
        auto writer = catalog_.write();
        if (!writer) return std::unexpected{std::move(writer.error())};
        writer_.emplace(std::move(*writer));
    }
    if (cursor_ && cursor_table_ == table) return &*cursor_;
    auto cursor = lmdb::Cursor::open(*writer_, table_of(catalog_, table));
    if (!cursor) return std::unexpected{std::move(cursor.error())};
    cursor_table_ = table;
    return &cursor_.emplace(std::move(*cursor));
}

Result<void> GenerationWriter::append(CatalogTable table, Bytes key, Bytes value) {
    auto cursor = cursor_in(table);
    if (!cursor) return std::unexpected{std::move(cursor.error())};
    if (auto appended = (*cursor)->append(key, value); !appended) return appended;
    batched_ += key.size() + value.size() + kPairOverhead;
    if (batched_ < batch_bytes_) return {};
    return end_batch();
}

Result<void> GenerationWriter::end_batch() {
    if (!writer_) return {};
    cursor_.reset();
    auto committed = std::move(*writer_).commit();
    writer_.reset();
    batched_ = 0;
    return committed;
}

Result<void> GenerationWriter::publish(RevocationList& list) {
    if (auto ended = end_chunk(); !ended) return ended;
    if (auto ended = end_batch(); !ended) return ended;
    list.generation = generation_;
    list.bits = bits_;
    list.reissues = reissues_;
    list.hashed = hashed_;
    auto writer = catalog_.write();
    if (!writer) return std::unexpected{std::move(writer.error())};
    if (auto put = write_revocation_list(catalog_, *writer, list); !put) return put;
    return std::move(*writer).commit();
}

Result<void> remove_leftovers(lmdb::Environment& catalog, std::size_t step_keys,
                              const std::stop_token& stop) {
    const auto in_use = [&](const lmdb::Reader& reader) -> Result<std::vector<std::uint32_t>> {
        const auto list = read_revocation_list(catalog, reader);
        if (!list) return std::unexpected{list.error()};
        return std::vector{list->generation};
    };
    for (const CatalogTable table : kListTables)
        if (auto removed = sweep(catalog, table, in_use, step_keys, stop); !removed) return removed;
    return {};
}

}  // namespace stile
