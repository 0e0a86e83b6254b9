// SPDX-License-Identifier: Apache-2.0
// How far each gate's entries are stored, and how far they go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
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
// epoch's first entry. The present epoch is the one that the gate counts, or else the one of which
// the store has the newest entry. Pure; the time is a parameter.
class Progress {
public:
    using Time = Gaps::Time;
    // Entries are on their way for so long: what is counted is not yet called missing.
    static constexpr std::chrono::seconds kOnTheWay{3};
    static constexpr std::size_t kMostGates = 1000;  // that count, besides those with entries
    static constexpr std::size_t kMostEpochs = 8;    // of one gate, whose end is remembered

    void counted(const std::string& gate, const LedgerEnd& end, Time now);
    // An entry that is stored.
    void take(const GateEntry& entry);

    // Of the present epoch of each gate.
    [[nodiscard]] std::vector<GateProgress> gates(const Coverage& coverage, Time now);
    // What to ask for now, of every epoch.
    [[nodiscard]] std::vector<ReplayRequest> requests(const Coverage& coverage, Time now);
    // How far ledgers go, of which that is known from elsewhere than their stored entries.
    [[nodiscard]] std::map<LedgerName, std::uint64_t> ends(Time now);
    [[nodiscard]] Gaps& gaps() { return gaps_; }

private:
    struct Counted {
        std::uint64_t settled = 0;
        std::optional<std::uint64_t> pending;
        Time since;
        bool is_final = false;  // the next epoch says so
    };
    Counted& end_of(const LedgerName& ledger);
    void forget_before(const LedgerName& ledger);
    void settle(Time now);
    [[nodiscard]] std::map<std::string, std::uint64_t> present(
        const std::vector<Watermark>& marks) const;
    std::map<LedgerName, Counted> ends_;
    std::set<std::string> stored_;                  // gates of which there are entries
    std::map<std::string, std::uint64_t> present_;  // epochs by gate, as they count
    Gaps gaps_;
};

}  // namespace stile::sync
