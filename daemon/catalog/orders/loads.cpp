// SPDX-License-Identifier: Apache-2.0
// The descriptions of loads, the keys of their rows, and the removal of old ones in steps.
#include "daemon/catalog/orders/loads.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "crypto/hash.hpp"
#include "daemon/catalog/sweep.hpp"

namespace stile {
namespace {

using namespace std::string_view_literals;
constexpr std::string_view kLoadPrefix = "load";
constexpr std::string_view kBookKey = "book";
constexpr std::array kLoadTables{CatalogTable::Orders, CatalogTable::Media, CatalogTable::Index};
constexpr std::uint64_t kNoChange = ~std::uint64_t{0};

// "load", then 0 for the media or 1 and the event.
std::array<std::uint8_t, 9> load_key(LoadOf of) {
    std::array<std::uint8_t, 9> key{};
    auto at = std::ranges::copy(as_bytes(kLoadPrefix), key.begin()).out;
    *at++ = of ? 1 : 0;
    std::ranges::copy(big_endian(of.value_or(0)), at);
    return key;
}

Buffer encode(const Load& load) {
    Buffer out;
    ByteWriter writer{out};
    writer.number(load.number);
    writer.number(load.ordinal);
    for (const std::uint64_t count : {load.rows, load.positions, load.doubtful})
        writer.number(count);
    writer.number(static_cast<std::uint64_t>(load.loaded_at.time_since_epoch().count()));
    writer.number(load.newest_change
                      ? static_cast<std::uint64_t>(load.newest_change->time_since_epoch().count())
                      : kNoChange);
    return out;
}

Result<Load> decode(Bytes stored) {
    ByteReader in{stored};
    Load load;
    load.number = in.number<std::uint32_t>();
    load.ordinal = in.number<std::uint32_t>();
    for (std::uint64_t* count : {&load.rows, &load.positions, &load.doubtful})
        *count = in.number<std::uint64_t>();
    load.loaded_at = std::chrono::sys_seconds{
        std::chrono::seconds{static_cast<std::int64_t>(in.number<std::uint64_t>())}};
    const auto newest = in.number<std::uint64_t>();
    if (newest != kNoChange)
        load.newest_change = WallTime{std::chrono::milliseconds{static_cast<std::int64_t>(newest)}};
    if (!in.complete() || load.number == 0)
        return fail(Errc::Corrupt, "the description of a load is damaged");
    return load;
}

// Ascending.
Result<std::vector<std::uint32_t>> numbers_in_use(const lmdb::Environment& catalog,
                                                  const lmdb::Reader& reader) {
    const auto loads = all_loads(catalog, reader);
    if (!loads) return std::unexpected{loads.error()};
    std::vector<std::uint32_t> out;
    for (const auto& [of, load] : *loads)
        out.push_back(load.number);
    std::ranges::sort(out);
    return out;
}

}  // namespace

Result<Load> read_load(const lmdb::Environment& catalog, const lmdb::Reader& reader, LoadOf of) {
    const auto stored = reader.get(table_of(catalog, CatalogTable::Meta), load_key(of));
    if (!stored) return std::unexpected{stored.error()};
    if (const std::optional<Bytes>& load = *stored) return decode(*load);
    return Load{};
}

Result<void> write_load(const lmdb::Environment& catalog, lmdb::Writer& writer, LoadOf of,
                        const Load& load) {
    return writer.put(table_of(catalog, CatalogTable::Meta), load_key(of), encode(load));
}

Result<std::vector<std::pair<LoadOf, Load>>> all_loads(const lmdb::Environment& catalog,
                                                       const lmdb::Reader& reader) {
    std::vector<std::pair<LoadOf, Load>> out;
    auto cursor = lmdb::Cursor::open(reader, table_of(catalog, CatalogTable::Meta));
    if (!cursor) return std::unexpected{std::move(cursor.error())};
    for (auto pair = cursor->seek(as_bytes(kLoadPrefix));; pair = cursor->next()) {
        if (!pair) return std::unexpected{std::move(pair.error())};
        const std::optional<lmdb::Pair>& found = *pair;
        if (!found || !as_text(found->first).starts_with(kLoadPrefix)) return out;
        ByteReader key{found->first.subspan(kLoadPrefix.size())};
        const auto has_event = key.number<std::uint8_t>();
        const auto event = key.number<std::uint32_t>();
        const auto load = decode(found->second);
        if (!load) return std::unexpected{load.error()};
        out.emplace_back(has_event == 0 ? LoadOf{} : LoadOf{event}, *load);
    }
}

Result<std::uint32_t> next_load(const lmdb::Environment& catalog, const lmdb::Reader& reader) {
    const auto in_use = numbers_in_use(catalog, reader);
    if (!in_use) return std::unexpected{in_use.error()};
    std::uint32_t highest = in_use->empty() ? 0 : in_use->back();
    for (const CatalogTable table : kLoadTables) {
        auto cursor = lmdb::Cursor::open(reader, table_of(catalog, table));
        if (!cursor) return std::unexpected{std::move(cursor.error())};
        const auto last = cursor->last();
        if (!last) return std::unexpected{last.error()};
        if (const std::optional<lmdb::Pair>& pair = *last)
            highest = std::max(highest, generation_of(pair->first));
    }
    if (highest == std::numeric_limits<std::uint32_t>::max())
        return fail(Errc::Unsupported, "the catalog has no more load numbers");
    return highest + 1;
}

Result<std::uint64_t> read_book_version(const lmdb::Environment& catalog,
                                        const lmdb::Reader& reader) {
    const auto stored = reader.get(table_of(catalog, CatalogTable::Meta), as_bytes(kBookKey));
    if (!stored) return std::unexpected{stored.error()};
    const std::optional<Bytes>& bytes = *stored;
    if (!bytes) return std::uint64_t{0};
    ByteReader in{*bytes};
    const auto version = in.number<std::uint64_t>();
    if (!in.complete()) return fail(Errc::Corrupt, "the version of the book is damaged");
    return version;
}

Result<void> write_book_version(const lmdb::Environment& catalog, lmdb::Writer& writer,
                                std::uint64_t version) {
    return writer.put(table_of(catalog, CatalogTable::Meta), as_bytes(kBookKey),
                      big_endian(version));
}

Result<void> remove_old_loads(lmdb::Environment& catalog, std::size_t step_keys,
                              const std::stop_token& stop) {
    const auto in_use = [&](const lmdb::Reader& reader) { return numbers_in_use(catalog, reader); };
    for (const CatalogTable table : kLoadTables)
        if (auto removed = sweep(catalog, table, in_use, step_keys, stop); !removed) return removed;
    return {};
}

RowKey order_key(std::uint32_t load, std::uint32_t ordinal) {
    return big_endian_key(load, ordinal);
}

MediumKey medium_key(std::uint32_t load, std::uint64_t id) {
    return big_endian_key(load, id);
}

IndexKey index_key(std::uint32_t load, IndexKind kind, std::uint64_t number) {
    return big_endian_key(load, std::to_underlying(kind), number);
}

std::uint64_t hash_number(std::string_view text) {
    const auto hash = crypto::blake2b_128({as_bytes(text)});
    return ByteReader{hash}.number<std::uint64_t>();
}

std::uint64_t medium_number(std::string_view type, std::string_view identifier) {
    const auto hash = crypto::blake2b_128({as_bytes(type), as_bytes("\0"sv), as_bytes(identifier)});
    return ByteReader{hash}.number<std::uint64_t>();
}

}  // namespace stile
