// SPDX-License-Identifier: Apache-2.0
// Joins the decision, the passage and the annulment of each admission, in whatever order they come.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "sync/collector/entry.hpp"

namespace stile::sync {

// People who went through by one admission. Ordered by time; the entry's name breaks ties, so that
// every collector has the same order.
struct Movement {
    // Undoes: an annulment whose admission is of an earlier epoch of its gate; only the ticket is
    // known.
    enum class Kind : std::uint8_t { Passes, Undoes };
    // Flagged: the gate saw that the ticket was inside, or a person let it in.
    enum class Passback : std::uint8_t { Clean, Flagged };

    WallTime time;
    EntryName entry;  // of the passage
    Kind kind = Kind::Passes;
    Direction direction = Direction::Entry;
    Passback passback = Passback::Clean;
    std::uint64_t area = 0;  // that it leads to; 0: none of the policy's
    std::uint32_t people = 1;
    std::uint64_t event = 0;  // 0: not known
    std::string lane;
    std::optional<crypto::TicketId> ticket;
    friend auto operator<=>(const Movement&, const Movement&) = default;
};

// Somebody was refused, `count` times.
struct Refused {
    std::string gate;
    WallTime time;
    std::uint64_t count = 1;
    friend bool operator==(const Refused&, const Refused&) = default;
};

// Keeps a short record of every admission. What it says depends on which entries it was given, not
// on their order nor on how often. Test tickets never count.
class Admissions {
public:
    struct Change {
        std::optional<Movement> before;
        std::optional<Movement> after;
        std::optional<Refused> refused;  // now known for the first time
    };
    [[nodiscard]] Change take(const GateEntry& entry);

private:
    struct Decision {
        Direction direction = Direction::Entry;
        std::uint64_t area = 0;
        std::uint64_t people = 1;
        std::uint64_t event = 0;
        std::uint8_t flags = 0;
        std::optional<crypto::TicketId> ticket;
    };
    struct Passage {
        std::uint64_t seq = 0;
        WallTime time;
        PassageResult result = PassageResult::Entered;
        std::uint64_t people = 1;
        std::string lane;
        std::optional<crypto::TicketId> ticket;
    };
    struct Admission {
        std::optional<Decision> decision;
        std::optional<Passage> passage;
        bool annulled = false;
        bool undoes = false;
        bool refused = false;
    };
    static void put(Admission& admission, const GateEntry& entry);
    [[nodiscard]] static std::optional<Refused> refusal(Admission& admission,
                                                        const GateEntry& entry);
    [[nodiscard]] static std::optional<Movement> movement(const LedgerName& ledger,
                                                          const Admission& admission);

    std::map<LedgerName, std::unordered_map<std::uint64_t, Admission>> ledgers_;
};

}  // namespace stile::sync
