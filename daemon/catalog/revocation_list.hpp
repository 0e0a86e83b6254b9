// SPDX-License-Identifier: Apache-2.0
// What the catalog says about the revocation list in use, and the keys of its records (CATALOG.md).
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/ticket.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

// Serials of one event that cost one bit each. Inclusive.
struct DenseRange {
    crypto::IssuerId issuer{};
    std::uint32_t event = 0;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    friend auto operator<=>(const DenseRange&, const DenseRange&) = default;
};

// The ranges of all keys and their events: ascending, joined where they touch, cut at the last
// serial that a chunk number can reach.
[[nodiscard]] std::vector<DenseRange> dense_ranges(const crypto::KeyRing& keys);
// The same for ranges in any order.
[[nodiscard]] std::vector<DenseRange> normal_ranges(std::vector<DenseRange> ranges);
// Whether one of `ranges` (as dense_ranges gives them) holds the serial. No allocation.
[[nodiscard]] bool is_dense(std::span<const DenseRange> ranges, crypto::IssuerId issuer,
                            std::uint32_t event, std::uint64_t serial);

using TextDigest = std::array<std::uint8_t, 16>;

struct RevocationList {
    std::uint32_t generation = 0;  // 0: no list was ever imported
    std::chrono::sys_seconds imported_at;
    std::uint64_t lines = 0;     // that named a ticket
    std::uint64_t bits = 0;      // whole serials in dense ranges
    std::uint64_t reissues = 0;  // serials whose older copies are revoked
    std::uint64_t hashed = 0;    // everything else
    TextDigest digest{};
    std::vector<DenseRange> ranges;
    friend bool operator==(const RevocationList&, const RevocationList&) = default;
};

[[nodiscard]] Buffer encode(const RevocationList& list);
// Errors: Corrupt.
[[nodiscard]] Result<RevocationList> decode_revocation_list(Bytes stored);

// The list in use in this snapshot; generation 0 when there is none. Errors: Corrupt, Io.
[[nodiscard]] Result<RevocationList> read_revocation_list(const lmdb::Environment& catalog,
                                                          const lmdb::Reader& reader);
[[nodiscard]] Result<void> write_revocation_list(const lmdb::Environment& catalog,
                                                 lmdb::Writer& writer, const RevocationList& list);

constexpr std::size_t kChunkBytes = 4'000;
constexpr std::uint64_t kChunkSerials = 8 * kChunkBytes;
constexpr std::uint64_t kLastDenseSerial = (kChunkSerials << 32U) - 1;

using BitsKey = std::array<std::uint8_t, 20>;
using ReissueKey = std::array<std::uint8_t, 24>;
using HashedKey = std::array<std::uint8_t, 6>;
using HashedValue = std::array<std::uint8_t, 8>;

[[nodiscard]] BitsKey bits_key(std::uint32_t generation, crypto::IssuerId issuer,
                               std::uint32_t event, std::uint32_t chunk);
[[nodiscard]] ReissueKey reissue_key(std::uint32_t generation, crypto::IssuerId issuer,
                                     std::uint32_t event, std::uint64_t serial);
[[nodiscard]] HashedKey hashed_key(std::uint32_t generation, std::uint16_t head);

// An identity as the table `hashed` keeps it: its first 80 bits.
struct ShortIdentity {
    std::uint16_t head = 0;
    std::uint64_t rest = 0;
};
[[nodiscard]] ShortIdentity shorten(const crypto::Identity& identity);

// The identity of a code without a serial; a text that is a pretix_sig1 ticket has that of its
// payload.
[[nodiscard]] crypto::Identity secret_identity(std::uint32_t event, std::string_view text);

}  // namespace stile
