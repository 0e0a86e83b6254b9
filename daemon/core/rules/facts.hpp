// SPDX-License-Identifier: Apache-2.0
// What a rule of an access list may ask about one person at one gate.
#pragma once

#include <cstdint>
#include <span>

#include "daemon/core/access_list.hpp"
#include "daemon/core/zone.hpp"

namespace stile::rules {

// Borrows: what it points to outlives the evaluation.
struct Facts {
    WallTime now;
    const Zone* zone = nullptr;     // the event's; null: not known, and what needs it refuses
    EventTimes times;               // of the subevent if the ticket has one
    std::uint64_t product = 0;      // 0: none
    std::uint64_t variation = 0;    // 0: none
    std::uint64_t gate = 0;         // the platform's number of this entrance; 0: none
    std::span<const Visit> visits;  // earlier ones on this list, in any order
};

// The variables of the dialect (RULES.md).
enum class Variable : std::uint8_t {
    Now = 1,
    IsoWeekday,
    Product,
    Variation,
    Gate,
    EntriesNumber,
    EntriesToday,
    EntriesDays,
    MinutesSinceLastEntry,
    MinutesSinceFirstEntry,
    EntryStatus,
};

// Times of entries from here on, or before it.
enum class Side : std::uint8_t { Since, Before };

// How many entries there were on that side of `time` (Since: at it or later), and on how many days
// of the event's calendar. Those of the future count as well: another gate's clock may be ahead.
[[nodiscard]] std::size_t count_entries(std::span<const Visit> visits, Side side, WallTime time);
[[nodiscard]] std::size_t count_days(std::span<const Visit> visits, const Zone& zone, Side side,
                                     WallTime time);
// Whole minutes between an entry and now: never less than 0; -1 if there was no entry.
enum class Which : std::uint8_t { First, Last };
[[nodiscard]] std::int64_t minutes_since(std::span<const Visit> visits, Which entry, WallTime now);
// The last visit is an entry.
[[nodiscard]] bool is_present(std::span<const Visit> visits);

}  // namespace stile::rules
