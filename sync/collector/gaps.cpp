// SPDX-License-Identifier: Apache-2.0
// One request at a time for each ledger, from its first gap on.
#include "sync/collector/gaps.hpp"

#include <algorithm>

namespace stile::sync {
namespace {

// As many of the gaps as one request reaches; what is stored between them comes twice.
SeqRange piece(std::span<const SeqRange> missing) {
    SeqRange out{missing.front().from, missing.front().from};
    const std::uint64_t end = out.from + kMostReplayed - 1;
    for (const SeqRange& range : missing) {
        if (range.from <= end) out.to = std::min(range.to, end);
    }
    return out;
}

std::uint64_t count(std::span<const SeqRange> missing) {
    std::uint64_t out = 0;
    for (const SeqRange& range : missing)
        out += range.to - range.from + 1;
    return out;
}

// Something came: a gap is smaller, or begins later.
bool shrank(std::span<const SeqRange> before, std::span<const SeqRange> now) {
    return now.front().from != before.front().from || count(now) < count(before);
}

}  // namespace

std::optional<ReplayRequest> Gaps::watch(const LedgerName& ledger,
                                         std::span<const SeqRange> missing, Time now) {
    if (missing.empty()) {
        gaps_.erase(ledger);
        return std::nullopt;
    }
    const auto [at, fresh] = gaps_.try_emplace(ledger);
    Gap& gap = at->second;
    if (fresh || shrank(gap.missing, missing)) {
        gap.since = now;
        gap.delay = kFirstDelay;
        gap.next = now + gap.delay;
    }
    gap.missing.assign(missing.begin(), missing.end());
    if (now < gap.next) return std::nullopt;
    gap.asked = true;
    gap.next = now + gap.delay;
    gap.delay = std::min(gap.delay * 2, kLongestDelay);
    return ReplayRequest{ledger, piece(missing)};
}

void Gaps::reconnected(Time now) {
    for (auto& [ledger, gap] : gaps_) {
        gap.since = now;  // nobody could answer
        gap.delay = kFirstDelay;
        gap.next = now + gap.delay;
    }
}

std::vector<ReplayRequest> Gaps::overdue(Time now) const {
    std::vector<ReplayRequest> out;
    for (const auto& [ledger, gap] : gaps_) {
        if (gap.asked && now - gap.since >= kOverdue)
            out.push_back({ledger, {gap.missing.front().from, gap.missing.back().to}});
    }
    return out;
}

}  // namespace stile::sync
