// SPDX-License-Identifier: Apache-2.0
// Decides what is published next, within one window: the gate's state first, then entries, and
// between them entries that somebody wants once more.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "sync/publish/outbox_pump.hpp"
#include "sync/publish/outgoing.hpp"
#include "sync/publish/replays.hpp"

namespace stile::sync {

// A state machine without I/O. The window covers every QoS 1 message of the connection: past the
// broker's receive-maximum the client library stalls for a second at a time.
class Dispatch {
public:
    // Borrows both.
    Dispatch(OutboxPump& pump, Replays& replays, std::string entry_topic);

    // Remembers the newest retained message of a topic, and has it published when it can be.
    void keep(Outgoing state);
    // Its topic is no longer ours to speak of.
    void forget(std::string_view topic);

    // A connection is up: everything kept is published again (the broker may have lost it), then
    // entries, at most `window` unacknowledged.
    void open(std::size_t window);
    // It is gone.
    void close();

    // The next message, to be published now. Nothing: nothing waits, the window is full, or there
    // is no connection.
    [[nodiscard]] std::optional<Outgoing> next();
    void delivered(Token token);

    // A place in the window for a message that the caller publishes itself; taken even when the
    // window is full.
    [[nodiscard]] Token reserve();
    [[nodiscard]] bool waits_for(Token token) const { return in_flight_.contains(token); }

    [[nodiscard]] std::size_t in_flight() const { return in_flight_.size(); }

private:
    struct Kept {
        Outgoing message;
        bool due = true;
    };
    // While both wait, one in so many is a replay; and replays take half of the window at most, so
    // that a new entry finds a place.
    static constexpr unsigned kReplayTurn = 4;

    Token new_token();
    std::optional<Outgoing> next_state(Token token);
    std::optional<Outgoing> next_entry(Token token);
    std::optional<Outgoing> next_replay(Token token);

    OutboxPump& pump_;
    Replays& replays_;
    std::string entry_topic_;
    std::vector<Kept> board_;  // in the order in which topics were first kept
    std::unordered_set<Token> in_flight_;
    std::unordered_set<Token> replays_in_flight_;
    unsigned turn_ = 0;       // entries since the last replay
    std::size_t window_ = 0;  // 0: no connection
    Token last_token_ = 0;
};

}  // namespace stile::sync
