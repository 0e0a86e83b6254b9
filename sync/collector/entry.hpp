// SPDX-License-Identifier: Apache-2.0
// An entry of a gate as its topic tells it (sync/TOPICS.md): what questions need, and the payload
// itself.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "crypto/hash.hpp"
#include "daemon/core/visit.hpp"
#include "daemon/entry/entry.hpp"
#include "daemon/entry/words.hpp"

namespace stile::sync {

inline constexpr std::size_t kMaxEntryPayload = 65'536;  // bytes; a gate's are a few hundred
inline constexpr int kMaxEntryDepth = 16;

// The ledger of one gate, from its epoch's beginning.
struct LedgerName {
    std::string gate;
    std::uint64_t epoch = 0;
    friend auto operator<=>(const LedgerName&, const LedgerName&) = default;
};

// The key of an entry, for ever.
struct EntryName {
    LedgerName ledger;
    std::uint64_t seq = 0;
    friend auto operator<=>(const EntryName&, const EntryName&) = default;
};

// Other: a kind, or a version of the payload, that this collector does not know.
enum class EntryKind : std::uint8_t {
    Decision,
    Passage,
    Epoch,
    Start,
    List,
    Lane,
    Act,
    Annulled,
    NotStored,
    Unknown,
    Other
};
// "decision" and so on; "other".
[[nodiscard]] std::string_view name_of(EntryKind kind);

enum class EntryFlag : std::uint8_t {
    Override = 1,
    StaleLists = 2,
    Clock = 4,
    Passback = 8,
    Test = 16,
    Attention = 32
};

// A field that is absent, or that has another type or word than TOPICS.md says, is empty here; the
// payload has it all.
struct GateEntry {
    EntryName name;
    std::optional<WallTime> time;  // absent with `unknown`
    EntryKind kind = EntryKind::Other;
    std::string lane;
    std::string reason;   // of a decision, an act or an annulment
    std::string medium;   // "qr", "nfc", ...
    std::string issuer;   // the name
    std::string channel;  // of sale; empty: not known
    std::string person;   // of the staff
    std::string what;     // `event` of kind lane, `act` of kind act, `cause` of kind epoch
    std::optional<Direction> direction;
    std::optional<Verdict> verdict;
    std::optional<PassageResult> result;
    std::optional<crypto::TicketId> ticket;
    std::optional<std::uint64_t> event;
    std::optional<std::uint64_t> product;
    std::optional<std::uint64_t> admission;       // seq of a decision in the same ledger
    std::optional<std::uint64_t> previous_epoch;  // of kind epoch
    std::optional<std::uint64_t> previous_seq;
    std::uint64_t count = 1;  // people of kind lane, refusals of kind not-stored
    std::uint64_t area = 0;
    std::uint64_t people = 1;
    std::uint8_t flags = 0;  // those of EntryFlag that are set
    std::string payload;     // as it came

    [[nodiscard]] bool has(EntryFlag flag) const {
        return (flags & static_cast<std::uint8_t>(flag)) != 0;
    }
    friend bool operator==(const GateEntry&, const GateEntry&) = default;
};

// Reads what came on the topic `entry` of `gate`. Kinds and fields that nobody knows yet are no
// error: they are stored as they came. Reentrant. Errors: Invalid for what has no key (gate, epoch,
// seq), names another gate, is no JSON object, or is too large or too deep.
[[nodiscard]] Result<GateEntry> parse_entry(std::string_view gate, std::string_view payload);

}  // namespace stile::sync
