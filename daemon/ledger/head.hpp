// SPDX-License-Identifier: Apache-2.0
// Where the ledger's end is, and what was counted up to it.
#pragma once

#include <array>
#include <compare>
#include <cstdint>

#include "crypto/hash.hpp"
#include "daemon/core/reason.hpp"
#include "daemon/core/visit.hpp"

namespace stile {

// Since the epoch began. Monotonic. Test tickets never count.
struct Totals {
    std::uint64_t entered = 0;     // people
    std::uint64_t left = 0;        // people
    std::uint64_t released = 0;    // admissions taken back because nobody passed
    std::uint64_t admitted = 0;    // admissions
    std::uint64_t annulled = 0;    // people whose passage was taken back later
    std::uint64_t not_stored = 0;  // refusals that the disk could not take
    std::array<std::uint64_t, kReasonSlots> refused{};  // by reason number
    friend bool operator==(const Totals&, const Totals&) = default;
};

// An entry of this ledger. As a cursor: the last one that a consumer has acknowledged; seq 0: none
// of that epoch.
struct Watermark {
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;
    friend auto operator<=>(const Watermark&, const Watermark&) = default;
};

// What follows from the log's end. A batch works on a copy and hands it back when it is durable.
struct LedgerHead {
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;
    crypto::Digest chain{};
    WallTime time;     // of the newest entry
    WallTime certain;  // of the newest entry that was written with a known time
    Totals totals{};
};

// The end of one epoch of the log.
struct EpochEnd {
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;
    crypto::Digest chain{};
};

}  // namespace stile
