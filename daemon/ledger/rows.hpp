// SPDX-License-Identifier: Apache-2.0
// Looking rows of the ledger up, in a batch or in a snapshot; for this folder only.
#pragma once

#include <optional>
#include <vector>

#include "daemon/ledger/layout.hpp"
#include "daemon/ledger/ledger.hpp"

namespace stile {

[[nodiscard]] inline std::uint64_t milliseconds(WallTime time) {
    return static_cast<std::uint64_t>(time.time_since_epoch().count());
}
[[nodiscard]] inline WallTime wall_time(std::uint64_t milliseconds) {
    return WallTime{std::chrono::milliseconds{static_cast<std::int64_t>(milliseconds)}};
}

namespace rows {

[[nodiscard]] bool begins_with(Bytes key, Bytes prefix);

// Errors of all: Corrupt (that row only), Io.
[[nodiscard]] Result<TicketState> state(const lmdb::Environment& environment,
                                        const lmdb::Reader& reader,
                                        const crypto::Identity& identity);
// `cursor` walks the table of visits.
[[nodiscard]] Result<void> visits(lmdb::Cursor& cursor, const crypto::Identity& identity,
                                  const ListKey& list, std::vector<Visit>& into);
[[nodiscard]] Result<AreaCount> area(const lmdb::Environment& environment,
                                     const lmdb::Reader& reader, std::uint32_t area);
[[nodiscard]] Buffer encode_area(const AreaCount& count);
// Open or not. Nothing when there is no such admission.
[[nodiscard]] Result<std::optional<layout::AdmissionRecord>> admission(
    const lmdb::Environment& environment, const lmdb::Reader& reader, const Watermark& entry);

}  // namespace rows
}  // namespace stile
