// SPDX-License-Identifier: Apache-2.0
// Every answer that a gate can give: its code, and what the person in front of it reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace stile {

enum class Verdict : std::uint8_t { Admit = 1, Refuse };

// Numbers are in ledgers and messages: never reuse or renumber one. Codes are pretix's where it has
// one.
enum class Reason : std::uint8_t {
    Valid = 1,
    Invalid = 2,
    Unpaid = 3,
    Canceled = 4,
    Used = 5,
    Revoked = 6,
    Blocked = 7,
    InvalidTime = 8,
    Product = 9,
    Rules = 10,
    Ambiguous = 11,
    Unapproved = 12,
    AnswersRequired = 13,
    Error = 14,
    AlreadyExchanged = 15,
    ExchangeRequired = 16,
    Replayed = 32,
    Superseded = 33,
    Assurance = 34,
    Passback = 35,
    Capacity = 36,
    StaleLists = 37,
    Clock = 38,
    ListsUnreadable = 39,  // the revocation list cannot be read: nobody can be proved good
    NotRecorded = 40,  // the ledger could not store the entry: what is not recorded is not admitted
    LaneClosed = 41,   // the staff, the schedule or a fault has closed this lane to this direction
    FreePassage = 42,  // nobody is decided on: everybody may pass; never in a ledger
    CardTorn = 43,     // taken away before it had answered; never in a ledger
    CardEmpty = 44,    // no ticket on it: it is for something else, or nothing was written to it
    CardUnreadable = 45,
    CardRandomId = 46,  // only its number would count, and that is another one at each visit
    CardKey = 47,       // card and gate could not prove themselves to each other
    CardDelay = 48,     // after wrong keys it wants to be left alone for a while
    CardLocked = 49,    // a phone whose holder must unlock it, or choose a ticket, first
};
inline constexpr std::size_t kReasonSlots = 64;  // an array with one slot a reason number

struct ReasonText {
    Reason reason;
    std::string_view code;      // on topics, in `--json`, in logs
    std::string_view reported;  // pretix's error_reason for a failed check-in; empty: none
    std::string_view headline;  // one line for the guest
    std::string_view advice;    // what to do next
    std::string_view handbook;  // for the staff: what happened, and what to tell the guest
};

// Total: every Reason has a row.
[[nodiscard]] const ReasonText& text_of(Reason reason);
// From a number in a stored entry or a message; nothing for a number that this version does not
// know.
[[nodiscard]] std::optional<Reason> reason_from(std::uint8_t number);

}  // namespace stile
