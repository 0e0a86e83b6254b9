// SPDX-License-Identifier: Apache-2.0
// The tables of the ledger and the bytes in them (daemon/LEDGER.md); for this folder only.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "crypto/hash.hpp"
#include "daemon/ledger/ledger.hpp"

namespace stile::layout {

inline constexpr std::uint32_t kFormat = 1;
inline constexpr std::array kTables{lmdb::TableSpec{"meta"}, lmdb::TableSpec{"log"},
                                    lmdb::TableSpec{"state"}, lmdb::TableSpec{"open"},
                                    lmdb::TableSpec{"cursor"}};
// Their places in kTables.
inline constexpr std::size_t kMeta = 0;
inline constexpr std::size_t kLog = 1;
inline constexpr std::size_t kState = 2;
inline constexpr std::size_t kOpen = 3;
inline constexpr std::size_t kCursor = 4;

inline constexpr std::string_view kFormatKey = "format";
inline constexpr std::string_view kEpochKey = "epoch";
inline constexpr std::string_view kTotalsKey = "totals";
inline constexpr std::string_view kCertainKey = "certain";

// A stored log record: the entry, and the chain value after it.
struct Record {
    Bytes entry;
    Bytes chain;
};
[[nodiscard]] Result<Record> split_record(Bytes stored);

// chain[seq] from chain[seq - 1].
[[nodiscard]] crypto::Digest next_chain(const crypto::Digest& before, std::uint64_t seq,
                                        Bytes entry);

[[nodiscard]] Buffer encode_totals(const Totals& totals);
[[nodiscard]] Result<Totals> decode_totals(Bytes bytes);

[[nodiscard]] Buffer encode_time(WallTime time);
[[nodiscard]] WallTime decode_time(Bytes bytes);

[[nodiscard]] Buffer encode_open(const OpenAdmission& admission);
[[nodiscard]] Result<OpenAdmission> decode_open(Bytes key, Bytes value);

}  // namespace stile::layout
