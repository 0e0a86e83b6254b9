// SPDX-License-Identifier: Apache-2.0
// The store's coverage, and behind it what must be there.
#include "sync/collector/progress.hpp"

#include <algorithm>
#include <utility>

namespace stile::sync {

void Progress::counted(const std::string& gate, const LedgerEnd& end, Time now) {
    const LedgerName ledger{gate, end.epoch};
    if (ends_.size() >= kMostLedgers && !ends_.contains(ledger)) return;
    Counted& known = ends_[ledger];
    if (end.seq <= known.settled || known.pending != 0) return;
    known.pending = end.seq;
    known.since = now;
}

void Progress::take(const GateEntry& entry) {
    if (!entry.previous_epoch || !entry.previous_seq) return;
    Counted& known = ends_[{entry.name.ledger.gate, *entry.previous_epoch}];
    known.settled = std::max(known.settled, *entry.previous_seq);
}

void Progress::settle(Time now) {
    for (auto& [ledger, known] : ends_) {
        if (known.pending == 0 || now - known.since < kOnTheWay) continue;
        known.settled = std::max(known.settled, std::exchange(known.pending, 0));
    }
}

std::vector<GateProgress> Progress::gates(const Coverage& coverage, Time now) {
    settle(now);
    std::map<LedgerName, GateProgress> ledgers;
    for (const Watermark& mark : coverage.watermarks())
        ledgers[mark.ledger] = {mark.ledger, mark.seq, mark.newest, mark.missing, mark.last};
    for (const auto& [ledger, known] : ends_) {
        GateProgress& gate = ledgers[ledger];
        gate.ledger = ledger;
        if (known.settled <= gate.newest) continue;
        gate.missing += known.settled - gate.newest;
        gate.newest = known.settled;
    }
    std::vector<GateProgress> out;
    for (auto& [ledger, gate] : ledgers) {  // the greatest epoch of a gate comes last
        if (!out.empty() && out.back().ledger.gate == ledger.gate) out.pop_back();
        out.push_back(std::move(gate));
    }
    return out;
}

std::vector<ReplayRequest> Progress::requests(const Coverage& coverage, Time now) {
    settle(now);
    std::map<LedgerName, std::vector<SeqRange>> missing;
    std::map<LedgerName, std::uint64_t> newest;
    for (const Watermark& mark : coverage.watermarks()) {
        newest[mark.ledger] = mark.newest;
        missing[mark.ledger] =
            mark.missing > 0 ? coverage.gaps(mark.ledger) : std::vector<SeqRange>{};
    }
    for (const auto& [ledger, known] : ends_) {
        // Gaps wait for what is on its way.
        const std::uint64_t end = std::max(known.settled, known.pending);
        if (end > newest[ledger]) missing[ledger].push_back({newest[ledger] + 1, end});
    }
    std::vector<ReplayRequest> out;
    for (const auto& [ledger, ranges] : missing) {
        if (const auto request = gaps_.watch(ledger, ranges, now)) out.push_back(*request);
    }
    return out;
}

}  // namespace stile::sync
