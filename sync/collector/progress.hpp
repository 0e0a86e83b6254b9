// SPDX-License-Identifier: Apache-2.0
// How far each gate's entries are stored, and how far they go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/collector/coverage.hpp"
#include "sync/collector/gaps.hpp"
#include "sync/collector/heard.hpp"

namespace stile::sync {

// How far the entries of one gate's present epoch are stored.
struct GateProgress {
    LedgerName ledger;
    std::uint64_t seq = 0;  // everything up to it is stored
    std::uint64_t newest = 0;
    std::uint64_t missing = 0;
    std::optional<WallTime> last;
    friend bool operator==(const GateProgress&, const GateProgress&) = default;
};

// Where a ledger ends is known from its entries, from what the gate counts, and from the next
// epoch's first entry. Pure; the time is a parameter. An epoch is always greater than those before.
class Progress {
public:
    using Time = Gaps::Time;
    // Entries are on their way for so long: what is counted is not yet called missing.
    static constexpr std::chrono::seconds kOnTheWay{3};
    static constexpr std::size_t kMostLedgers = 10'000;  // whose end is remembered

    void counted(const std::string& gate, const LedgerEnd& end, Time now);
    // An entry that is stored.
    void take(const GateEntry& entry);

    // Of the present epoch of each gate.
    [[nodiscard]] std::vector<GateProgress> gates(const Coverage& coverage, Time now);
    // What to ask for now, of every epoch.
    [[nodiscard]] std::vector<ReplayRequest> requests(const Coverage& coverage, Time now);
    [[nodiscard]] Gaps& gaps() { return gaps_; }

private:
    struct Counted {
        std::uint64_t settled = 0;
        std::uint64_t pending = 0;
        Time since;
    };
    void settle(Time now);
    std::map<LedgerName, Counted> ends_;
    Gaps gaps_;
};

}  // namespace stile::sync
