// SPDX-License-Identifier: Apache-2.0
// Notices that a collector has not stored what the broker took, and says what to send again.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "daemon/entry/entry_json.hpp"

namespace stile::sync {

// Entries after `after` up to `last`, at most `most`.
struct EntryRange {
    EntryKey after;
    EntryKey last;
    std::uint64_t most = 0;
    friend bool operator==(const EntryRange&, const EntryRange&) = default;
};

// Of one collector. A state machine without a clock. It holds no entries: the ledger has them, and
// what is published is not held back by a collector that is slow or gone.
class CatchUp {
public:
    using Clock = std::chrono::steady_clock;
    // A watermark that stands still while entries are published: they are sent again. As long as
    // that does not help, the delay doubles.
    static constexpr std::chrono::seconds kStandstill{3};
    static constexpr std::chrono::seconds kLongest{300};
    // Sent again at once. Two of them fit into what a broker keeps for one that is away
    // (mosquitto: 1,000), and the second goes out when half of the first is stored.
    static constexpr std::uint64_t kStep = 512;

    // It has stored everything up to there; an earlier one than before: its store was restored. One
    // of an epoch beyond what is published waits until there is such an epoch: anybody can invent
    // it.
    void stored(const EntryKey& mark, Clock::time_point now);
    // A new connection, to the broker or the daemon: it has time to answer.
    void restart(Clock::time_point now);

    // What is to be sent again now. `published`: the last entry that the broker took.
    [[nodiscard]] std::optional<EntryRange> due(const EntryKey& published, Clock::time_point now);

    // What it said last. Nothing: it has said nothing yet.
    [[nodiscard]] const std::optional<EntryKey>& mark() const { return beyond_ ? beyond_ : mark_; }

private:
    EntryRange ask(EntryKey after, const EntryKey& published);

    std::optional<EntryKey> mark_;
    std::optional<EntryKey> beyond_;     // of an epoch that is not published yet
    std::optional<EntryKey> published_;  // when it was asked last
    std::optional<EntryKey> asked_;      // sent again up to there
    Clock::time_point since_;            // of the last progress, or the last attempt
    std::chrono::seconds delay_ = kStandstill;
};

}  // namespace stile::sync
