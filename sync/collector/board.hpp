// SPDX-License-Identifier: Apache-2.0
// What the collector publishes: retained messages that stay true, and messages for the moment.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>

#include "sync/publish/outgoing.hpp"

namespace stile::sync {

// A state machine without I/O. Of a topic only the newest waits, so a slow broker costs no memory;
// at most `window` messages are unacknowledged.
class Board {
public:
    static constexpr std::size_t kMostOnce = 256;  // of messages for the moment; more are dropped

    // Remembers a retained message. One that says what was said last is not said again.
    void keep(const std::string& topic, std::string payload);
    // Deletes a retained message, and forgets it.
    void remove(const std::string& topic);
    // Published once, if there is a connection. Errors are nobody's: who asked asks again.
    void once(std::string topic, std::string payload);

    // A connection is up: everything kept is published again (the broker may have lost it).
    void open(std::size_t window);
    void close();

    // The next message, to be published now.
    [[nodiscard]] std::optional<Outgoing> next();
    void delivered(Token token) { in_flight_.erase(token); }
    // A place in the window for a message that the caller publishes itself.
    [[nodiscard]] Token reserve();
    [[nodiscard]] bool waits_for(Token token) const { return in_flight_.contains(token); }
    [[nodiscard]] std::size_t in_flight() const { return in_flight_.size(); }

private:
    void due(const std::string& topic);
    std::map<std::string, std::string> kept_;
    std::deque<std::string> due_;             // topics, in the order in which they changed
    std::unordered_set<std::string> is_due_;  // the same
    std::deque<Outgoing> once_;
    std::unordered_set<Token> in_flight_;
    std::size_t window_ = 0;  // 0: no connection
    Token last_token_ = 0;
};

}  // namespace stile::sync
