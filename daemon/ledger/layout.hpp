// SPDX-License-Identifier: Apache-2.0
// The tables of the ledger and the bytes in them (daemon/LEDGER.md); for this folder only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "crypto/hash.hpp"
#include "daemon/ledger/grant.hpp"
#include "daemon/ledger/head.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile::layout {

inline constexpr std::uint32_t kFormat = 3;
inline constexpr std::array kTables{lmdb::TableSpec{"meta"},  lmdb::TableSpec{"log"},
                                    lmdb::TableSpec{"state"}, lmdb::TableSpec{"visit"},
                                    lmdb::TableSpec{"open"},  lmdb::TableSpec{"admission"},
                                    lmdb::TableSpec{"nonce"}, lmdb::TableSpec{"cursor"},
                                    lmdb::TableSpec{"queue"}, lmdb::TableSpec{"area"}};
// Their places in kTables; they are in the checksums, so never change one.
inline constexpr std::size_t kMeta = 0;
inline constexpr std::size_t kLog = 1;
inline constexpr std::size_t kState = 2;
inline constexpr std::size_t kVisit = 3;
inline constexpr std::size_t kOpen = 4;
inline constexpr std::size_t kAdmission = 5;
inline constexpr std::size_t kNonce = 6;
inline constexpr std::size_t kCursor = 7;
inline constexpr std::size_t kQueue = 8;
inline constexpr std::size_t kArea = 9;

inline constexpr std::string_view kFormatKey = "format";
inline constexpr std::string_view kEpochKey = "epoch";
inline constexpr std::string_view kTotalsKey = "totals";
inline constexpr std::string_view kCertainKey = "certain";
inline constexpr std::string_view kQueuedKey = "queued";
inline constexpr std::string_view kCopyKey = "copy";

// Rows of all tables but the log, which has its chain, end with a checksum over table, key and
// value.
void add_checksum(std::size_t table, Bytes key, Buffer& value);
// The value without its checksum. Errors: Corrupt.
[[nodiscard]] Result<Bytes> checked(std::size_t table, Bytes key, Bytes stored);

// The same for a row in its table. Nothing when there is none. Errors: Corrupt (this row only), Io.
[[nodiscard]] Result<std::optional<Bytes>> get_row(const lmdb::Environment& environment,
                                                   const lmdb::Reader& reader, std::size_t table,
                                                   Bytes key);
[[nodiscard]] Result<void> put_row(const lmdb::Environment& environment, lmdb::Writer& writer,
                                   std::size_t table, Bytes key, Buffer value);

// A stored log record: the entry, and the chain value after it.
struct Record {
    Bytes entry;
    Bytes chain;
};
[[nodiscard]] Result<Record> split_record(Bytes stored);

// chain[seq] from chain[seq - 1].
[[nodiscard]] crypto::Digest next_chain(const crypto::Digest& before, std::uint64_t seq,
                                        Bytes entry);

// Key of `log`, `open` and `admission`.
using EntryKey = std::array<std::uint8_t, 16>;
[[nodiscard]] EntryKey entry_key(const Watermark& entry);
[[nodiscard]] Result<Watermark> decode_entry_key(Bytes key);

using VisitKey = std::array<std::uint8_t, 52>;
inline constexpr std::size_t kVisitPrefix = 28;  // identity and list; the rest is the order
[[nodiscard]] VisitKey visit_key(const crypto::Identity& identity, const ListKey& list,
                                 WallTime time, const Watermark& entry);
[[nodiscard]] Buffer encode_visit(const Visit& visit);
// `value` is without its checksum. Errors: Corrupt.
[[nodiscard]] Result<Visit> decode_visit(Bytes key, Bytes value);

// What became of an admission.
enum class Standing : std::uint8_t { Passed = 1, Open, Released, Annulled, Last = Annulled };
struct AdmissionRecord {
    OpenAdmission admission;
    Standing standing = Standing::Open;
    WallTime closed;  // when its outcome was written; 0: open
};
[[nodiscard]] Buffer encode_admission(const AdmissionRecord& record);
[[nodiscard]] Result<AdmissionRecord> decode_admission(Bytes key, Bytes value);

[[nodiscard]] std::array<std::uint8_t, 16> nonce_key(std::string_view nonce);

[[nodiscard]] Buffer encode_watermark(const Watermark& mark);
[[nodiscard]] Result<Watermark> decode_watermark(Bytes value);

[[nodiscard]] Buffer encode_totals(const Totals& totals);
[[nodiscard]] Result<Totals> decode_totals(Bytes bytes);

[[nodiscard]] Buffer encode_number(std::uint64_t number);
[[nodiscard]] Result<std::uint64_t> decode_number(Bytes bytes);

}  // namespace stile::layout
