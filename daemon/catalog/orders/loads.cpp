// SPDX-License-Identifier: Apache-2.0
// The descriptions of loads, the keys of their rows, and the removal of old ones in steps.
#include "daemon/catalog/orders/loads.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "crypto/hash.hpp"

namespace stile {
namespace {

using namespace std::string_view_literals;
constexpr std::string_view kLoadPrefix = "load";
constexpr std::string_view kBookKey = "book";
constexpr std::array kLoadTables{CatalogTable::Orders, CatalogTable::Media, CatalogTable::Index};
constexpr std::uint64_t kNoTime = ~std::uint64_t{0};

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
                      : kNoTime);
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
    if (newest != kNoTime)
        load.newest_change = WallTime{std::chrono::milliseconds{static_cast<std::int64_t>(newest)}};
    if (!in.complete() || load.number == 0)
        return fail(Errc::Corrupt, "the description of a load is damaged");
    return load;
}

std::uint32_t load_of(Bytes key) {
    return ByteReader{key}.number<std::uint32_t>();
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

// Takes away at most `keys` keys of loads that are not in use. True when there may be more.
Result<bool> remove_step(lmdb::Environment& catalog, CatalogTable table, std::size_t keys) {
    auto writer = catalog.write();
    if (!writer) return std::unexpected{std::move(writer.error())};
    const auto in_use = numbers_in_use(catalog, *writer);
    if (!in_use) return std::unexpected{in_use.error()};
    std::size_t left = keys;
    {
        auto cursor = lmdb::Cursor::open(*writer, table_of(catalog, table));
        if (!cursor) return std::unexpected{std::move(cursor.error())};
        auto pair = cursor->first();
        while (left > 0) {
            if (!pair) return std::unexpected{std::move(pair.error())};
            const std::optional<lmdb::Pair>& found = *pair;
            if (!found) break;
            const std::uint32_t load = load_of(found->first);
            if (std::ranges::binary_search(*in_use, load)) {
                if (load == std::numeric_limits<std::uint32_t>::max()) break;
                pair = cursor->seek(big_endian(load + 1));
                continue;
            }
            if (auto removed = cursor->remove_here(); !removed)
                return std::unexpected{std::move(removed.error())};
            --left;
            pair = cursor->next();
        }
    }
    if (left == keys) return false;
    if (auto done = std::move(*writer).commit(); !done)
        return std::unexpected{std::move(done.error())};
    return left == 0;
}

// As for revocations: a full map leaves room for small steps only, and these free more.
Result<void> remove_from(lmdb::Environment& catalog, CatalogTable table, std::size_t keys,
                         const std::stop_token& stop) {
    for (;;) {
        if (stop.stop_requested()) return fail(Errc::Closed, "stopped");
        const auto more = remove_step(catalog, table, keys);
        if (more && !*more) return {};
        if (more) continue;
        if (more.error().code != Errc::Full || keys == 1) return std::unexpected{more.error()};
        keys = std::max(keys / 16, std::size_t{1});
    }
}

template <std::size_t N, class... Numbers>
std::array<std::uint8_t, N> joined(Numbers... numbers) {
    static_assert((sizeof(Numbers) + ...) == N);
    std::array<std::uint8_t, N> out{};
    auto at = out.begin();
    ((at = std::ranges::copy(big_endian(numbers), at).out), ...);
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
            highest = std::max(highest, load_of(pair->first));
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
    for (const CatalogTable table : kLoadTables)
        if (auto removed = remove_from(catalog, table, step_keys, stop); !removed) return removed;
    return {};
}

RowKey order_key(std::uint32_t load, std::uint32_t ordinal) {
    return joined<8>(load, ordinal);
}

MediumKey medium_key(std::uint32_t load, std::uint64_t id) {
    return joined<12>(load, id);
}

IndexKey index_key(std::uint32_t load, IndexKind kind, std::uint64_t number) {
    return joined<13>(load, std::to_underlying(kind), number);
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
