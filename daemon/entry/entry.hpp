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

// How the gate knew the time (daemon/clock/CLOCK.md).
enum class ClockQuality : std::uint8_t { Synced = 1, Unsynced, Holdover, Wrong, Last = Wrong };
// "synced", "unsynced", "holdover", "wrong"
[[nodiscard]] std::string_view name_of(ClockQuality quality);

// What a lane is for at the moment (DESIGN section 7).
enum class LaneMode : std::uint8_t {
    Normal = 1,
    Free,
    Locked,
    ExitOnly,
    OutOfOrder,
    Last = OutOfOrder
};
// "normal", "free", "locked", "exit-only", "out-of-order"
[[nodiscard]] std::string_view name_of(LaneMode mode);

enum class EpochCause : std::uint8_t {
    NewLedger = 1,
    Restored,
    WatermarkAhead,
    Last = WatermarkAhead
};

// The ledger is new or restored; nothing of the previous one may be mistaken for it.
struct EpochStarted {
    static constexpr std::uint8_t kKind = 1;
    EpochCause cause = EpochCause::NewLedger;
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

// Bits of Decided::flags.
inline constexpr std::uint16_t kFlagOverride = 1;    // staff let pass what the rules refused
inline constexpr std::uint16_t kFlagStaleLists = 2;  // admitted although the lists are old
inline constexpr std::uint16_t kFlagClock = 4;       // admitted although the time is not certain
inline constexpr std::uint16_t kFlagPassback = 8;    // a soft anti-passback violation
inline constexpr std::uint16_t kFlagTest = 16;       // at a lane in test: never counts
inline constexpr std::uint16_t kFlagAttention = 32;  // staff should look at this guest

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
    std::uint64_t list = 0;   // the access list; 0: the gate's own
    std::uint32_t area = 0;   // that the passage leads to; 0: not one of the policy's
    std::uint8_t people = 1;  // that one release lets pass
    std::uint16_t flags = 0;
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
    std::uint8_t people = 1;       // who passed; 0 when released
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

// Something at a lane that no ticket asked for. Each has its own name.
enum class LaneEventKind : std::uint8_t {
    Tailgating = 1,         // more people passed than were admitted
    ReversePassage,         // somebody went through against the released direction
    PassageWithoutRelease,  // the sensor saw a passage of a locked turnstile
    SensorStuck,            // a passage that does not end
    SensorFree,             // it ended after all
    ArmStuck,               // released, and the arm did not unlock, or did not lock again
    ArmFree,
    DeviceGone,
    DeviceBack,
    FireStarted,
    FireEnded,
    TamperOpened,
    TamperClosed,
    FreePassage,  // people counted by the sensor while the lane was free or on fire
    Last = FreePassage
};
// "tailgating", "reverse-passage", "passage-without-release", ...
[[nodiscard]] std::string_view name_of(LaneEventKind kind);

struct LaneEvent {
    static constexpr std::uint8_t kKind = 6;
    LaneEventKind what = LaneEventKind::Tailgating;
    std::uint64_t admission = 0;  // sequence number of the Decided it belongs to; 0: none
    std::uint32_t count = 1;      // people or occurrences; 0: people at a lane in test
    std::string lane;
    friend bool operator==(const LaneEvent&, const LaneEvent&) = default;
};

enum class ActKind : std::uint8_t {
    OpenOnce = 1,
    SetMode,
    Override,
    Annul,
    Backup,
    Restore,
    CallSupervisor,
    Login,  // a staff credential opened the lane's menu
    Test,   // from here on the lane takes test tickets and nobody else's
    TestEnd,
    Reload,  // another configuration came into force
    Last = Reload
};
// "open", "mode", "override", "annul", "backup", "restore", "call-supervisor", "login", "test",
// "test-end", "reload"
[[nodiscard]] std::string_view name_of(ActKind kind);

// Somebody of the staff did something; `person` is their name.
struct Act {
    static constexpr std::uint8_t kKind = 7;
    ActKind what = ActKind::OpenOnce;
    std::uint8_t mode = 0;        // LaneMode with SetMode
    std::uint64_t admission = 0;  // sequence number of the Decided it concerns; 0: none
    std::string person;
    std::string role;
    std::string reason;
    std::string lane;  // empty: all lanes, or none
    friend bool operator==(const Act&, const Act&) = default;
};

// An entry was taken back: the passage of `admission` counts no longer. Nothing is deleted.
struct Annulled {
    static constexpr std::uint8_t kKind = 8;
    std::uint64_t admission = 0;
    std::array<std::uint8_t, 16> ticket{};
    std::string person;  // empty: a machine, `reason` tells why
    std::string reason;
    std::string lane;
    friend bool operator==(const Annulled&, const Annulled&) = default;
};

// Refusals that a full or failing disk could not take, written when there is space again.
struct NotStored {
    static constexpr std::uint8_t kKind = 9;
    std::uint64_t refusals = 0;
    std::uint64_t first_ms = 0;  // since 1970
    std::uint64_t last_ms = 0;
    friend bool operator==(const NotStored&, const NotStored&) = default;
};

using EntryBody = std::variant<EpochStarted, DaemonStarted, Decided, Passage, ListChanged,
                               LaneEvent, Act, Annulled, NotStored>;

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
