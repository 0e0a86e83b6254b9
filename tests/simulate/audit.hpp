// SPDX-License-Identifier: Apache-2.0
// After the evening: do the people, the ledgers, the broker and the collector tell the same story?
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "daemon/core/reason.hpp"
#include "tests/simulate/crowd.hpp"
#include "tests/simulate/ear.hpp"
#include "tests/simulate/plan.hpp"

namespace stile::simulate {

// What one witness saw.
struct Tally {
    std::size_t entries = 0;   // of a ledger
    std::size_t admitted = 0;  // decisions
    std::map<Reason, std::size_t> refused;
    long entered = 0;  // people
    long left = 0;
    std::size_t presumed = 0;  // admissions that a dead gate left open: they count as entered
    std::size_t released = 0;  // nobody passed

    friend bool operator==(const Tally&, const Tally&) = default;
    [[nodiscard]] std::size_t all_refused() const;
};

struct Witness {
    std::string gate;
    std::filesystem::path ledger;
    std::uint64_t last = 0;  // entry that it had written when the evening was over
};

// Who tells the entries of the ledgers again.
struct Teller {
    std::string name;
    std::function<const Payloads&(const std::string& gate)> entries;
};

struct Findings {
    Tally people;                // who showed a ticket
    Tally ledgers;               // of all gates together
    std::size_t as_planned = 0;  // bad tickets that were refused for the reason that was expected
    std::size_t bad = 0;         // showings of bad tickets
    std::size_t unanswered = 0;  // somebody whom a dying gate left without an answer
    std::size_t sent_home = 0;   // nobody looked at their ticket: a fire
    std::size_t cut_short = 0;   // admissions under way when the lanes opened for a fire
    long counted_free = 0;       // people whom only the open lanes have counted since
    std::vector<std::size_t> told;         // entries of each teller
    std::vector<std::string> differences;  // sentences; empty: all is well
};

// How many there must be; a gate that burned or died may have let in one more than it lived to say.
struct Bounds {
    std::size_t least = 0;
    std::size_t most = 0;
    friend bool operator==(const Bounds&, const Bounds&) = default;
};

// Tickets that were let in by a second gate. Of those planned only who was not sent home.
// Reentrant.
[[nodiscard]] Bounds double_entries(const Plan& plan, const std::vector<Seen>& seen);

// The daemons have ended. Opens their ledgers.
[[nodiscard]] Findings compare(const Plan& plan, const std::vector<Seen>& seen,
                               std::span<const Witness> gates, std::span<const Teller> tellers);

}  // namespace stile::simulate
