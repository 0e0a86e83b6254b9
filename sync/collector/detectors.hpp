// SPDX-License-Identifier: Apache-2.0
// What strikes about the scans of the last hour: refusals, tickets tried at many gates, busy issuer
// keys, as DETECTORS.md has it. Bounded memory, whatever comes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/hash.hpp"
#include "daemon/core/reason.hpp"
#include "daemon/core/visit.hpp"
#include "sync/collector/issuer_watch.hpp"
#include "sync/collector/refusal_watch.hpp"
#include "sync/collector/ticket_watch.hpp"

namespace stile::sync {

// A decision at a gate, of the direction entry and without the flag `test`.
struct Attempt {
    WallTime time;  // of the entry
    std::string_view gate;
    std::string_view lane;
    std::string_view issuer;                 // empty: no genuine ticket
    std::optional<crypto::TicketId> ticket;  // absent: no genuine ticket
    Verdict verdict = Verdict::Refuse;
};

enum class StrikeKind : std::uint8_t { Refusals, ManyGates, IssuerBusy };

struct Strike {
    StrikeKind kind = StrikeKind::Refusals;
    std::string gate;                        // of Refusals
    std::optional<crypto::TicketId> ticket;  // of ManyGates
    std::string issuer;                      // of IssuerBusy
    std::string detail;                      // a sentence for people
    friend bool operator==(const Strike&, const Strike&) = default;
};

// Pure: the time is a parameter. It counts by minutes of the entries' own time, so what comes late
// or in another order counts the same. Thread-bound.
class Detectors {
public:
    static constexpr std::chrono::minutes kOldest{65};
    static constexpr std::chrono::minutes kAhead{2};

    // An entry older than kOldest, or of a clock further ahead than kAhead, is left out.
    void take(const Attempt& attempt, WallTime now);

    // What is so at `now`: gates, tickets, issuers, in the order of their names. To be asked every
    // minute or more often; the collector keeps an alarm up for a while after it is over.
    [[nodiscard]] std::vector<Strike> look(WallTime now);

    // How much is remembered; each watch says how much at most.
    struct Sizes {
        std::size_t gates = 0;
        std::size_t lanes = 0;
        std::size_t tickets = 0;
        std::size_t issuers = 0;
    };
    [[nodiscard]] Sizes remembered() const;

private:
    // Of a gate that refused a known ticket; one beyond RefusalWatch::kMostGates is not counted.
    [[nodiscard]] std::optional<std::size_t> number_of(std::string_view gate);

    RefusalWatch refusals_;
    TicketWatch tickets_;
    IssuerWatch issuers_;
    std::map<std::string, std::size_t, std::less<>> gate_numbers_;
};

}  // namespace stile::sync
