// SPDX-License-Identifier: Apache-2.0
// Records, totals and open admissions as bytes, and the chain over the log.
#include "daemon/ledger/layout.hpp"

namespace stile::layout {
namespace {

constexpr std::string_view kChainLabel{"GT1-log\0", 8};
constexpr std::size_t kChainBytes = 32;

std::unexpected<Error> damaged(std::string_view what) {
    return fail(Errc::Corrupt, "ledger: a damaged " + std::string{what});
}

}  // namespace

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

Buffer encode_totals(const Totals& totals) {
    Buffer out;
    ByteWriter writer{out};
    for (const std::uint64_t number :
         {totals.entered, totals.left, totals.released, totals.admitted}) {
        writer.number(number);
    }
    for (const std::uint64_t number : totals.refused)
        writer.number(number);
    return out;
}

Result<Totals> decode_totals(Bytes bytes) {
    ByteReader reader{bytes};
    Totals totals;
    for (std::uint64_t* number :
         {&totals.entered, &totals.left, &totals.released, &totals.admitted}) {
        *number = reader.number<std::uint64_t>();
    }
    for (std::uint64_t& number : totals.refused)
        number = reader.number<std::uint64_t>();
    if (!reader.complete()) return damaged("table of totals");
    return totals;
}

Buffer encode_time(WallTime time) {
    const auto bytes = big_endian(static_cast<std::uint64_t>(time.time_since_epoch().count()));
    return {bytes.begin(), bytes.end()};
}

// What cannot be read bounds nothing.
WallTime decode_time(Bytes bytes) {
    ByteReader reader{bytes};
    const auto milliseconds = reader.number<std::uint64_t>();
    if (!reader.complete()) return {};
    return WallTime{std::chrono::milliseconds{static_cast<std::int64_t>(milliseconds)}};
}

Buffer encode_open(const OpenAdmission& admission) {
    Buffer out;
    ByteWriter writer{out};
    writer.raw(admission.identity.bytes);
    writer.number(static_cast<std::uint8_t>(admission.direction));
    return out;
}

Result<OpenAdmission> decode_open(Bytes key, Bytes value) {
    ByteReader seq{key};
    ByteReader reader{value};
    OpenAdmission admission{.admission = seq.number<std::uint64_t>()};
    reader.copy(admission.identity.bytes);
    const auto direction = reader.number<std::uint8_t>();
    const bool known = direction >= 1 && direction <= static_cast<std::uint8_t>(Direction::Last);
    if (!seq.complete() || !reader.complete() || !known) return damaged("open admission");
    admission.direction = static_cast<Direction>(direction);
    return admission;
}

}  // namespace stile::layout
