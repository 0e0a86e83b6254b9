// SPDX-License-Identifier: Apache-2.0
// Which generation of an event's orders, or of the media, is in use (CATALOG.md).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "daemon/catalog/catalog.hpp"
#include "daemon/core/visit.hpp"
#include "daemon/lmdb/environment.hpp"

namespace stile {

// One complete set of rows: the orders of one event, or all media. Its number is the first field of
// their keys.
struct Load {
    std::uint32_t number = 0;   // 0: nothing was ever loaded
    std::uint32_t ordinal = 0;  // of the next new order
    std::uint64_t rows = 0;     // orders, or media
    std::uint64_t positions = 0;
    std::uint64_t doubtful = 0;             // positions that were not understood
    std::chrono::sys_seconds loaded_at;     // the last change
    std::optional<WallTime> newest_change;  // of any order in it
    friend bool operator==(const Load&, const Load&) = default;
};

// An event's orders; the media have no event.
using LoadOf = std::optional<std::uint32_t>;

// Number 0 when there is none. Errors: Corrupt, Io.
[[nodiscard]] Result<Load> read_load(const lmdb::Environment& catalog, const lmdb::Reader& reader,
                                     LoadOf of);
[[nodiscard]] Result<void> write_load(const lmdb::Environment& catalog, lmdb::Writer& writer,
                                      LoadOf of, const Load& load);
// All that are in use: the media first, then events by number. Errors: Corrupt, Io.
[[nodiscard]] Result<std::vector<std::pair<LoadOf, Load>>> all_loads(
    const lmdb::Environment& catalog, const lmdb::Reader& reader);
// Greater than every number of which a key exists. Errors: Unsupported (there are no more),
// Corrupt, Io.
[[nodiscard]] Result<std::uint32_t> next_load(const lmdb::Environment& catalog,
                                              const lmdb::Reader& reader);

// Grows when an event, product, list, question or key changes. Errors: Corrupt, Io.
[[nodiscard]] Result<std::uint64_t> read_book_version(const lmdb::Environment& catalog,
                                                      const lmdb::Reader& reader);
[[nodiscard]] Result<void> write_book_version(const lmdb::Environment& catalog,
                                              lmdb::Writer& writer, std::uint64_t version);

// Removes every key of a load that is not in use, at most `step_keys` of them a transaction.
// Errors: Corrupt, Closed (stopped), Full, Io.
[[nodiscard]] Result<void> remove_old_loads(lmdb::Environment& catalog, std::size_t step_keys,
                                            const std::stop_token& stop);

using RowKey = std::array<std::uint8_t, 8>;
using MediumKey = std::array<std::uint8_t, 12>;
using IndexKey = std::array<std::uint8_t, 13>;

enum class IndexKind : std::uint8_t {
    Code = 1,  // of an order -> its ordinal
    Secret,    // -> position
    Position,  // its id -> position
    Medium,    // type and identifier -> id of the medium
    LinkedTo,  // id of a position -> id of a medium
};

[[nodiscard]] RowKey order_key(std::uint32_t load, std::uint32_t ordinal);
[[nodiscard]] MediumKey medium_key(std::uint32_t load, std::uint64_t id);
[[nodiscard]] IndexKey index_key(std::uint32_t load, IndexKind kind, std::uint64_t number);

// The first 8 bytes of a hash: what is found under it is compared in full.
[[nodiscard]] std::uint64_t hash_number(std::string_view text);
[[nodiscard]] std::uint64_t medium_number(std::string_view type, std::string_view identifier);

// A position's place: in which order, and which one of it.
struct Place {
    std::uint32_t ordinal = 0;
    std::uint32_t index = 0;
    friend bool operator==(const Place&, const Place&) = default;
};
[[nodiscard]] constexpr std::uint64_t number_of(Place place) {
    return std::uint64_t{place.ordinal} << 32U | place.index;
}
[[nodiscard]] constexpr Place place_of(std::uint64_t number) {
    return {.ordinal = static_cast<std::uint32_t>(number >> 32U),
            .index = static_cast<std::uint32_t>(number)};
}

}  // namespace stile
