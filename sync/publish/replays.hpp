// SPDX-License-Identifier: Apache-2.0
// Entries that are published once more, beside the new ones.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/protocol/messages.hpp"
#include "sync/publish/catch_up.hpp"

namespace stile::sync {

// A state machine without I/O: takes ranges, fetches them from the daemon a piece at a time, hands
// them out. What waits here may be forgotten at any time: whoever misses it asks again.
class Replays {
public:
    static constexpr std::size_t kMostWaiting = 8;  // requests of others
    static constexpr std::size_t kMostHeld = 2 * protocol::kMaxEntriesInFetch;

    // Ranges take turns. False: there are too many already.
    [[nodiscard]] bool add(EntryRange range);
    // For a collector, which has one range at a time.
    void add(const std::string& collector, EntryRange range);
    [[nodiscard]] bool serves(const std::string& collector) const;
    // Without daemon or broker: nothing waits any longer, and what was asked for comes in vain.
    void clear();

    // What to ask the daemon for now.
    [[nodiscard]] std::optional<protocol::Fetch> take_fetch();
    // Its answer, with the payloads made of it. One that was not asked for is ignored.
    void accept(const protocol::Fetched& answer, std::vector<std::string> payloads);

    [[nodiscard]] bool waiting() const { return !held_.empty(); }
    // The next one. Precondition: waiting().
    [[nodiscard]] std::string next();

    [[nodiscard]] std::uint64_t sent() const { return sent_; }  // since the program started

private:
    struct Job {
        std::string collector;  // empty: a request
        EntryRange range;
    };
    void finish_turn();

    std::deque<Job> jobs_;  // the first one is being fetched
    std::deque<std::string> held_;
    std::optional<std::uint32_t> asked_;  // the request under way
    std::uint32_t last_request_ = 0;
    bool found_ = false;  // an entry, with that request
    std::uint64_t sent_ = 0;
};

}  // namespace stile::sync
