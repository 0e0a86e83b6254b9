// SPDX-License-Identifier: Apache-2.0
// States, visits, areas and admissions, each row checked by its checksum.
#include "daemon/ledger/rows.hpp"

#include <algorithm>

namespace stile::rows {

using namespace layout;  // NOLINT(google-build-using-namespace): the names of this folder's own
                         // tables

bool begins_with(Bytes key, Bytes prefix) {
    return key.size() >= prefix.size() && std::ranges::equal(key.first(prefix.size()), prefix);
}

Result<TicketState> state(const lmdb::Environment& environment, const lmdb::Reader& reader,
                          const crypto::Identity& identity) {
    const auto row = get_row(environment, reader, kState, identity.bytes);
    if (!row) return std::unexpected{row.error()};
    if (!*row) return TicketState{};
    return decode_state(**row);
}

Result<void> visits(lmdb::Cursor& cursor, const crypto::Identity& identity, const ListKey& list,
                    std::vector<Visit>& into) {
    const VisitKey from = visit_key(identity, list, {}, {});
    const Bytes prefix = Bytes{from}.first(kVisitPrefix);
    for (auto pair = cursor.seek(from);; pair = cursor.next()) {
        if (!pair) return std::unexpected{pair.error()};
        if (!*pair || !begins_with((*pair)->first, prefix)) return {};
        const auto value = checked(kVisit, (*pair)->first, (*pair)->second);
        if (!value) return std::unexpected{value.error()};
        const auto visit = decode_visit((*pair)->first, *value);
        if (!visit) return std::unexpected{visit.error()};
        into.push_back(*visit);
    }
}

Result<AreaCount> area(const lmdb::Environment& environment, const lmdb::Reader& reader,
                       std::uint32_t area) {
    const auto row = get_row(environment, reader, kArea, big_endian(area));
    if (!row) return std::unexpected{row.error()};
    if (!*row) return AreaCount{};
    ByteReader bytes{**row};
    const AreaCount count{static_cast<std::int64_t>(bytes.number<std::uint64_t>()),
                          static_cast<std::int64_t>(bytes.number<std::uint64_t>()),
                          wall_time(bytes.number<std::uint64_t>())};
    if (!bytes.complete()) return fail(Errc::Corrupt, "ledger: a damaged count of an area");
    return count;
}

Buffer encode_area(const AreaCount& count) {
    Buffer out;
    ByteWriter writer{out};
    writer.number(static_cast<std::uint64_t>(count.inside));
    writer.number(static_cast<std::uint64_t>(count.coming));
    writer.number(milliseconds(count.since));
    return out;
}

Result<std::optional<AdmissionRecord>> admission(const lmdb::Environment& environment,
                                                 const lmdb::Reader& reader,
                                                 const Watermark& entry) {
    const EntryKey key = entry_key(entry);
    for (const std::size_t table : {kOpen, kAdmission}) {
        const auto row = get_row(environment, reader, table, key);
        if (!row) return std::unexpected{row.error()};
        if (!*row) continue;
        auto record = decode_admission(key, **row);
        if (!record) return std::unexpected{record.error()};
        return std::optional{*record};
    }
    return std::optional<AdmissionRecord>{};
}

}  // namespace stile::rows
