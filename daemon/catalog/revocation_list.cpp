// SPDX-License-Identifier: Apache-2.0
// Dense ranges, the stored form of the list's description, and the keys.
#include "daemon/catalog/revocation_list.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "crypto/hash.hpp"
#include "daemon/catalog/catalog.hpp"

namespace stile {
namespace {

constexpr std::string_view kListKey = "revocation";
constexpr std::uint32_t kMostRanges = 65'536;
constexpr std::size_t kRangeBytes = 28;

bool same_event(const DenseRange& a, const DenseRange& b) {
    return std::tie(a.issuer, a.event) == std::tie(b.issuer, b.event);
}

// `next` begins at or right after the end of `range`, or inside it.
bool touches(const DenseRange& range, const DenseRange& next) {
    return same_event(range, next) && (next.first <= range.last || next.first - range.last == 1);
}

bool in_order(const DenseRange& range) {
    return range.first <= range.last && range.last <= kLastDenseSerial;
}

}  // namespace

std::vector<DenseRange> normal_ranges(std::vector<DenseRange> ranges) {
    std::erase_if(ranges, [](const DenseRange& range) { return range.first > kLastDenseSerial; });
    for (DenseRange& range : ranges)
        range.last = std::min(range.last, kLastDenseSerial);
    std::ranges::sort(ranges);
    std::vector<DenseRange> out;
    for (const DenseRange& range : ranges) {
        if (!out.empty() && touches(out.back(), range))
            out.back().last = std::max(out.back().last, range.last);
        else
            out.push_back(range);
    }
    return out;
}

std::vector<DenseRange> dense_ranges(const crypto::KeyRing& keys) {
    std::vector<DenseRange> ranges;
    for (const crypto::KeyRecord& key : keys.records()) {
        if (!key.dense) continue;
        const crypto::IssuerId issuer = crypto::issuer_id(key.issuer);
        for (const std::uint32_t event : key.events)
            ranges.push_back({issuer, event, key.dense->first, key.dense->last});
    }
    return normal_ranges(std::move(ranges));
}

bool is_dense(std::span<const DenseRange> ranges, crypto::IssuerId issuer, std::uint32_t event,
              std::uint64_t serial) {
    const DenseRange wanted{issuer, event, serial, kLastDenseSerial};
    const auto after = std::ranges::upper_bound(ranges, wanted);
    if (after == ranges.begin()) return false;
    const DenseRange& candidate = *std::prev(after);
    return same_event(candidate, wanted) && candidate.first <= serial && serial <= candidate.last;
}

Buffer encode(const RevocationList& list) {
    Buffer out;
    ByteWriter writer{out};
    writer.number(list.generation);
    writer.number(static_cast<std::uint64_t>(list.imported_at.time_since_epoch().count()));
    for (const std::uint64_t count : {list.lines, list.bits, list.reissues, list.hashed})
        writer.number(count);
    writer.raw(list.digest);
    writer.number(static_cast<std::uint32_t>(list.ranges.size()));
    for (const DenseRange& range : list.ranges) {
        writer.number(static_cast<std::uint64_t>(range.issuer));
        writer.number(range.event);
        writer.number(range.first);
        writer.number(range.last);
    }
    return out;
}

Result<RevocationList> decode_revocation_list(Bytes stored) {
    ByteReader reader{stored};
    RevocationList list;
    list.generation = reader.number<std::uint32_t>();
    list.imported_at = std::chrono::sys_seconds{
        std::chrono::seconds{static_cast<std::int64_t>(reader.number<std::uint64_t>())}};
    for (std::uint64_t* count : {&list.lines, &list.bits, &list.reissues, &list.hashed})
        *count = reader.number<std::uint64_t>();
    reader.copy(list.digest);
    const auto ranges = reader.number<std::uint32_t>();
    bool good = reader.ok() && list.generation != 0 && reader.left() == kRangeBytes * ranges;
    for (std::uint32_t i = 0; good && i < ranges; ++i) {
        DenseRange range;
        range.issuer = crypto::IssuerId{reader.number<std::uint64_t>()};
        range.event = reader.number<std::uint32_t>();
        range.first = reader.number<std::uint64_t>();
        range.last = reader.number<std::uint64_t>();
        const bool ascends = list.ranges.empty() ||
                             (list.ranges.back() < range && !touches(list.ranges.back(), range));
        good = in_order(range) && ascends;
        list.ranges.push_back(range);
    }
    if (!good) return fail(Errc::Corrupt, "the description of the revocation list is damaged");
    return list;
}

Result<RevocationList> read_revocation_list(const lmdb::Environment& catalog,
                                            const lmdb::Reader& reader) {
    const auto stored = reader.get(table_of(catalog, CatalogTable::Meta), as_bytes(kListKey));
    if (!stored) return std::unexpected{stored.error()};
    if (const std::optional<Bytes>& list = *stored) return decode_revocation_list(*list);
    return RevocationList{};
}

Result<void> write_revocation_list(const lmdb::Environment& catalog, lmdb::Writer& writer,
                                   const RevocationList& list) {
    if (list.ranges.size() > kMostRanges)
        return fail(Errc::Unsupported, "more than 65,536 ranges of dense serials");
    return writer.put(table_of(catalog, CatalogTable::Meta), as_bytes(kListKey), encode(list));
}

BitsKey bits_key(std::uint32_t generation, crypto::IssuerId issuer, std::uint32_t event,
                 std::uint32_t chunk) {
    return big_endian_key(generation, static_cast<std::uint64_t>(issuer), event, chunk);
}

ReissueKey reissue_key(std::uint32_t generation, crypto::IssuerId issuer, std::uint32_t event,
                       std::uint64_t serial) {
    return big_endian_key(generation, static_cast<std::uint64_t>(issuer), event, serial);
}

HashedKey hashed_key(std::uint32_t generation, std::uint16_t head) {
    return big_endian_key(generation, head);
}

ShortIdentity shorten(const crypto::Identity& identity) {
    ByteReader reader{identity.bytes};
    const auto head = reader.number<std::uint16_t>();
    return {.head = head, .rest = reader.number<std::uint64_t>()};
}

}  // namespace stile
