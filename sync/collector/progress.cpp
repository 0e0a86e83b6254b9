// SPDX-License-Identifier: Apache-2.0
// The store's coverage, and behind it what must be there.
#include "sync/collector/progress.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace stile::sync {

Progress::Counted& Progress::end_of(const LedgerName& ledger) {
    if (const auto known = ends_.find(ledger); known != ends_.end()) return known->second;
    const auto first = ends_.lower_bound({ledger.gate, 0});
    const auto other = [&](const auto& end) { return end.first.gate != ledger.gate; };
    const auto last = std::find_if(first, ends_.end(), other);
    if (static_cast<std::size_t>(std::distance(first, last)) >= kMostEpochs) {
        const auto present = present_.find(ledger.gate);
        const bool counts = present != present_.end() && present->second == first->first.epoch;
        ends_.erase(counts ? std::next(first) : first);  // the oldest
    }
    return ends_[ledger];
}

void Progress::counted(const std::string& gate, const LedgerEnd& end, Time now) {
    const bool known_gate = stored_.contains(gate) || present_.contains(gate);
    if (!known_gate && present_.size() >= kMostGates) return;
    present_[gate] = end.epoch;
    Counted& known = end_of({gate, end.epoch});
    if (known.is_final || known.pending || end.seq == known.settled) return;
    known.pending = end.seq;  // may be less than before: what was counted is lost
    known.since = now;
}

void Progress::take(const GateEntry& entry) {
    if (entry.kind != EntryKind::Epoch) return;
    const LedgerName& ledger = entry.name.ledger;
    stored_.insert(ledger.gate);
    if (!entry.previous_epoch || !entry.previous_seq) return forget_before(ledger);
    end_of({ledger.gate, *entry.previous_epoch}) = {.settled = *entry.previous_seq,
                                                    .is_final = true};
}

// The gate lost its ledger: nobody can send the tail of an earlier one any more.
void Progress::forget_before(const LedgerName& ledger) {
    std::erase_if(ends_, [&](const auto& end) {
        return end.first.gate == ledger.gate && end.first.epoch < ledger.epoch &&
               !end.second.is_final;
    });
}

void Progress::settle(Time now) {
    for (auto& [ledger, known] : ends_) {
        if (!known.pending || now - known.since < kOnTheWay) continue;
        known.settled = *std::exchange(known.pending, std::nullopt);
    }
}

std::map<std::string, std::uint64_t> Progress::present(const std::vector<Watermark>& marks) const {
    std::map<std::string, std::uint64_t> out = present_;
    std::map<std::string, std::uint64_t> newest;  // positions in the store
    for (const Watermark& mark : marks) {
        const std::string& gate = mark.ledger.gate;
        if (present_.contains(gate) || mark.position < newest[gate]) continue;
        newest[gate] = mark.position;
        out[gate] = mark.ledger.epoch;
    }
    return out;
}

std::vector<GateProgress> Progress::gates(const Coverage& coverage, Time now) {
    settle(now);
    std::map<LedgerName, GateProgress> ledgers;
    const auto marks = coverage.watermarks();
    for (const Watermark& mark : marks)
        ledgers[mark.ledger] = {mark.ledger, mark.seq, mark.newest, mark.missing, mark.last};
    for (const auto& [ledger, known] : ends_) {
        GateProgress& gate = ledgers[ledger];
        gate.ledger = ledger;
        if (known.settled <= gate.newest) continue;
        gate.missing += known.settled - gate.newest;
        gate.newest = known.settled;
    }
    std::vector<GateProgress> out;
    for (const auto& [gate, epoch] : present(marks)) {
        if (const auto found = ledgers.find({gate, epoch}); found != ledgers.end())
            out.push_back(std::move(found->second));
    }
    return out;
}

std::map<LedgerName, std::uint64_t> Progress::ends(Time now) {
    settle(now);
    std::map<LedgerName, std::uint64_t> out;
    for (const auto& [ledger, known] : ends_)
        out[ledger] = known.settled;
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
        const std::uint64_t end = std::max(known.settled, known.pending.value_or(0));
        if (end > newest[ledger]) missing[ledger].push_back({newest[ledger] + 1, end});
    }
    std::vector<ReplayRequest> out;
    for (const auto& [ledger, ranges] : missing) {
        if (const auto request = gaps_.watch(ledger, ranges, now)) out.push_back(*request);
    }
    return out;
}

}  // namespace stile::sync
