// SPDX-License-Identifier: Apache-2.0
// Checksums, the chain over the log, and rows as bytes.
#include "daemon/ledger/layout.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace stile::layout {
namespace {

constexpr std::string_view kChainLabel{"GT1-log\0", 8};
constexpr std::size_t kChainBytes = 32;
constexpr std::size_t kChecksumBytes = 4;

std::unexpected<Error> damaged(std::string_view what) {
    return fail(Errc::Corrupt, "ledger: a damaged " + std::string{what});
}

// BLAKE2b, because a well-kept one is linked already; a CRC would be a table of our own.
std::array<std::uint8_t, kChecksumBytes> checksum(std::size_t table, Bytes key, Bytes value) {
    const auto number = static_cast<std::uint8_t>(table);
    const auto hash = crypto::blake2b_128({Bytes{&number, 1}, key, value});
    std::array<std::uint8_t, kChecksumBytes> out{};
    std::copy_n(hash.begin(), out.size(), out.begin());
    return out;
}

void put_time(ByteWriter& writer, WallTime time) {
    writer.number(static_cast<std::uint64_t>(time.time_since_epoch().count()));
}

WallTime get_time(ByteReader& reader) {
    return WallTime{
        std::chrono::milliseconds{static_cast<std::int64_t>(reader.number<std::uint64_t>())}};
}

template <class E>
bool get_choice(ByteReader& reader, E& value, E last) {
    const auto number = reader.number<std::uint8_t>();
    value = static_cast<E>(number);
    return number >= 1 && number <= std::to_underlying(last);
}

}  // namespace

void add_checksum(std::size_t table, Bytes key, Buffer& value) {
    const auto sum = checksum(table, key, value);
    value.insert(value.end(), sum.begin(), sum.end());
}

Result<Bytes> checked(std::size_t table, Bytes key, Bytes stored) {
    if (stored.size() >= kChecksumBytes) {
        const Bytes value = stored.first(stored.size() - kChecksumBytes);
        if (std::ranges::equal(stored.last(kChecksumBytes), checksum(table, key, value)))
            return value;
    }
    return damaged("row of table " + std::string{kTables[table].name});
}

Result<std::optional<Bytes>> get_row(const lmdb::Environment& environment,
                                     const lmdb::Reader& reader, std::size_t table, Bytes key) {
    const auto stored = reader.get(environment.table(table), key);
    if (!stored || !*stored) return stored;
    const auto value = checked(table, key, **stored);
    if (!value) return std::unexpected{value.error()};
    return std::optional{*value};
}

Result<void> put_row(const lmdb::Environment& environment, lmdb::Writer& writer, std::size_t table,
                     Bytes key, Buffer value) {
    add_checksum(table, key, value);
    return writer.put(environment.table(table), key, value);
}

Result<Record> split_record(Bytes stored) {
    if (stored.size() <= kChainBytes) return damaged("log record");
    const std::size_t split = stored.size() - kChainBytes;
    return Record{stored.first(split), stored.subspan(split)};
}

crypto::Digest next_chain(const crypto::Digest& before, std::uint64_t seq, Bytes entry) {
    constexpr std::uint8_t kLeaf = 0x00;
    const crypto::Digest leaf = crypto::sha256({Bytes{&kLeaf, 1}, entry});
    const auto index = big_endian(seq - 1);
    return crypto::sha256({as_bytes(kChainLabel), before, index, leaf});
}

EntryKey entry_key(const Watermark& entry) {
    EntryKey key{};
    const auto epoch = big_endian(entry.epoch);
    const auto seq = big_endian(entry.seq);
    std::copy(seq.begin(), seq.end(), std::copy(epoch.begin(), epoch.end(), key.begin()));
    return key;
}

Result<Watermark> decode_entry_key(Bytes key) {
    ByteReader reader{key};
    const Watermark entry{reader.number<std::uint64_t>(), reader.number<std::uint64_t>()};
    if (!reader.complete()) return damaged("key of an entry");
    return entry;
}

VisitKey visit_key(const crypto::Identity& identity, const ListKey& list, WallTime time,
                   const Watermark& entry) {
    VisitKey key{};
    auto at = key.begin();
    const auto put = [&at](const auto& bytes) { at = std::ranges::copy(bytes, at).out; };
    put(identity.bytes);
    put(big_endian(list.event));
    put(big_endian(list.list));
    put(big_endian(static_cast<std::uint64_t>(time.time_since_epoch().count())));
    put(entry_key(entry));
    return key;
}

Buffer encode_visit(const Visit& visit) {
    return {std::to_underlying(visit.direction), std::to_underlying(visit.standing), visit.people};
}

Result<Visit> decode_visit(Bytes key, Bytes value) {
    if (key.size() != sizeof(VisitKey)) return damaged("key of a visit");
    ByteReader order{key.subspan(kVisitPrefix)};
    ByteReader reader{value};
    Visit visit{.time = get_time(order)};
    (void)order.number<std::uint64_t>();  // the epoch: time tells epochs apart
    visit.order = order.number<std::uint64_t>();
    const bool known = get_choice(reader, visit.direction, Direction::Last) &&
                       get_choice(reader, visit.standing, Visit::Standing::Open);
    visit.people = reader.number<std::uint8_t>();
    if (!known || !reader.complete()) return damaged("visit");
    return visit;
}

Buffer encode_admission(const AdmissionRecord& record) {
    const OpenAdmission& admission = record.admission;
    Buffer out;
    ByteWriter writer{out};
    writer.raw(admission.identity.bytes);
    writer.number(admission.list.event);
    writer.number(admission.list.list);
    put_time(writer, admission.time);
    writer.number(std::to_underlying(admission.direction));
    writer.number(admission.people);
    writer.number(admission.flags);
    writer.number(admission.move.from);
    writer.number(admission.move.to);
    put_time(writer, admission.in_area_since);
    writer.number(static_cast<std::uint8_t>(admission.second_chance ? 1 : 0));
    writer.number(std::to_underlying(record.standing));
    put_time(writer, record.closed);
    return out;
}

Result<AdmissionRecord> decode_admission(Bytes key, Bytes value) {
    const auto entry = decode_entry_key(key);
    if (!entry) return std::unexpected{entry.error()};
    ByteReader reader{value};
    AdmissionRecord record;
    OpenAdmission& admission = record.admission;
    admission.epoch = entry->epoch;
    admission.admission = entry->seq;
    reader.copy(admission.identity.bytes);
    admission.list = {reader.number<std::uint32_t>(), reader.number<std::uint64_t>()};
    admission.time = get_time(reader);
    bool known = get_choice(reader, admission.direction, Direction::Last);
    admission.people = reader.number<std::uint8_t>();
    admission.flags = reader.number<std::uint16_t>();
    admission.move = {reader.number<std::uint32_t>(), reader.number<std::uint32_t>()};
    admission.in_area_since = get_time(reader);
    const auto second = reader.number<std::uint8_t>();
    admission.second_chance = second == 1;
    known = get_choice(reader, record.standing, Standing::Last) && known && second <= 1;
    record.closed = get_time(reader);
    if (!known || !reader.complete()) return damaged("admission");
    return record;
}

std::array<std::uint8_t, 16> nonce_key(std::string_view nonce) {
    return crypto::blake2b_128({as_bytes(nonce)});
}

Buffer encode_watermark(const Watermark& mark) {
    const EntryKey bytes = entry_key(mark);
    return {bytes.begin(), bytes.end()};
}

Result<Watermark> decode_watermark(Bytes value) {
    return decode_entry_key(value);
}

Buffer encode_totals(const Totals& totals) {
    Buffer out;
    ByteWriter writer{out};
    for (const std::uint64_t number : {totals.entered, totals.left, totals.released,
                                       totals.admitted, totals.annulled, totals.not_stored}) {
        writer.number(number);
    }
    for (const std::uint64_t number : totals.refused)
        writer.number(number);
    return out;
}

Result<Totals> decode_totals(Bytes bytes) {
    ByteReader reader{bytes};
    Totals totals;
    for (std::uint64_t* number : {&totals.entered, &totals.left, &totals.released, &totals.admitted,
                                  &totals.annulled, &totals.not_stored}) {
        *number = reader.number<std::uint64_t>();
    }
    for (std::uint64_t& number : totals.refused)
        number = reader.number<std::uint64_t>();
    if (!reader.complete()) return damaged("table of totals");
    return totals;
}

Buffer encode_number(std::uint64_t number) {
    const auto bytes = big_endian(number);
    return {bytes.begin(), bytes.end()};
}

Result<std::uint64_t> decode_number(Bytes bytes) {
    ByteReader reader{bytes};
    const auto number = reader.number<std::uint64_t>();
    if (!reader.complete()) return damaged("number");
    return number;
}

}  // namespace stile::layout
