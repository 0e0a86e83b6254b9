// SPDX-License-Identifier: Apache-2.0
// One line of the ledger: what happened at a lane, as daemon/LEDGER.md lays it out in bytes.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "daemon/core/facts.hpp"
#include "daemon/core/reason.hpp"

namespace stile {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

// How the gate knew the time (daemon/clock/CLOCK.md).
enum class ClockQuality : std::uint8_t { Synced = 1, Unsynced, Holdover, Wrong, Last = Wrong };
// "synced", "unsynced", "holdover", "wrong"
[[nodiscard]] std::string_view name_of(ClockQuality quality);

// The ledger is new or restored; nothing of the previous one may be mistaken for it.
struct EpochStarted {
    static constexpr std::uint8_t kKind = 1;
    std::uint64_t previous_epoch = 0;  // 0: there was none
    std::uint64_t previous_seq = 0;
    std::array<std::uint8_t, 32> previous_head{};
    friend bool operator==(const EpochStarted&, const EpochStarted&) = default;
};

// The daemon started on this ledger. `unresolved` admissions were open when it ended: they count as
// entered.
struct DaemonStarted {
    static constexpr std::uint8_t kKind = 2;
    std::uint64_t boot = 0;
    std::uint32_t unresolved = 0;
    std::string software;
    friend bool operator==(const DaemonStarted&, const DaemonStarted&) = default;
};

// A scan was decided. An admission is PENDING from here on.
struct Decided {
    static constexpr std::uint8_t kKind = 3;
    Verdict verdict = Verdict::Refuse;
    Reason reason = Reason::Invalid;
    Direction direction = Direction::Entry;
    std::uint8_t medium = 0;     // protocol::Medium
    std::uint8_t fault = 0;      // crypto::Fault; 0: a genuine ticket
    std::uint8_t assurance = 0;  // crypto::Assurance
    std::uint8_t reissue = 0;
    std::uint64_t product = 0;
    std::uint32_t event = 0;
    std::uint32_t decided_us = 0;           // from the frame to the decision
    std::array<std::uint8_t, 16> ticket{};  // keyed hash; zero when there is no genuine ticket
    std::string lane;
    std::string reader;
    std::string issuer;
    std::string channel;  // sales channel, where known
    friend bool operator==(const Decided&, const Decided&) = default;
};

enum class PassageResult : std::uint8_t {
    Entered = 1,
    Left,
    Released,
    PresumedEntered,
    Last = PresumedEntered
};

// What became of an admission: somebody passed, or nobody did and it was taken back (Released).
struct Passage {
    static constexpr std::uint8_t kKind = 4;
    PassageResult result = PassageResult::Entered;
    std::uint64_t admission = 0;   // sequence number of its Decided
    std::uint32_t release_us = 0;  // from the frame to the command that released the turnstile
    std::array<std::uint8_t, 16> ticket{};
    std::string lane;
    friend bool operator==(const Passage&, const Passage&) = default;
};

// A list that decisions depend on was replaced.
struct ListChanged {
    static constexpr std::uint8_t kKind = 5;
    std::uint64_t generation = 0;
    std::uint64_t records = 0;
    std::string list;  // "revocation"
    friend bool operator==(const ListChanged&, const ListChanged&) = default;
};

using EntryBody = std::variant<EpochStarted, DaemonStarted, Decided, Passage, ListChanged>;

struct Entry {
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;  // from 1, without gaps
    WallTime time;
    ClockQuality clock = ClockQuality::Unsynced;
    EntryBody body;
    friend bool operator==(const Entry&, const Entry&) = default;
};

inline constexpr std::size_t kMaxEntryBytes = 512;

// Texts are UTF-8; one longer than its limit (63 bytes) is cut at a character. Reentrant.
void encode_entry(const Entry& entry, Buffer& out);

// Errors: Invalid (malformed), Unsupported (a format or kind of a later version). Reentrant, never
// throws.
[[nodiscard]] Result<Entry> decode_entry(Bytes bytes);

}  // namespace stile
