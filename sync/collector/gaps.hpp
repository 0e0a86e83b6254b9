// SPDX-License-Identifier: Apache-2.0
// Which entries a gate is asked to send again, and when asking has not helped.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "sync/collector/coverage.hpp"

namespace stile::sync {

inline constexpr std::uint64_t kMostReplayed = 10'000;  // entries in one request

struct ReplayRequest {
    LedgerName ledger;
    SeqRange range;
    friend bool operator==(const ReplayRequest&, const ReplayRequest&) = default;
};

// Pure; the time is a parameter. A gap that closes by itself is not asked for; while entries come,
// nobody is asked; then again after 2 s, 4 s, and so on, at most every 5 minutes.
class Gaps {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds kFirstDelay{2};
    static constexpr std::chrono::seconds kLongestDelay{300};
    static constexpr std::chrono::seconds kOverdue{30};

    // What is missing of a ledger now, in order. What to ask for at once, if anything.
    [[nodiscard]] std::optional<ReplayRequest> watch(const LedgerName& ledger,
                                                     std::span<const SeqRange> missing, Time now);
    // The broker is there again: ask soon.
    void reconnected(Time now);
    // Ledgers whose gap is open for kOverdue although it was asked for.
    [[nodiscard]] std::vector<ReplayRequest> overdue(Time now) const;

private:
    struct Gap {
        std::vector<SeqRange> missing;
        Time since;  // it opened or became smaller, or the broker came back
        Time next;
        std::chrono::seconds delay = kFirstDelay;
        bool asked = false;
    };
    std::map<LedgerName, Gap> gaps_;
};

}  // namespace stile::sync
