// SPDX-License-Identifier: Apache-2.0
// Sends ledger entries to those who follow it, as fast as they grant credit.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "daemon/ledger/ledger.hpp"
#include "daemon/protocol/messages.hpp"

namespace stile {

// The outbox is the ledger plus a cursor: this class holds only who follows and how far it has
// sent. Thread-bound to the gate thread.
class Outbox {
public:
    using Follower = std::uint64_t;  // PeerId
    struct Callbacks {
        // False when the follower does not read just now, or is gone.
        std::function<bool(Follower, const protocol::Entries&)> send;
        // The consumer has stored everything up to there. To be made durable.
        std::function<void(const std::string& consumer, const Watermark&)> acknowledged;
        // What a tail asked for cannot be read; it gets no more.
        std::function<void(Follower, const Error&)> tail_failed;
        // The entries of a new follower begin after that one.
        std::function<void(Follower, const Watermark&)> begins;
    };

    Outbox(const Ledger& ledger, Callbacks callbacks)
        : ledger_{ledger}, callbacks_{std::move(callbacks)} {}

    // Starts after the consumer's stored cursor. Errors: Io, Corrupt of the ledger.
    [[nodiscard]] Result<void> follow(Follower follower, const protocol::Follow& follow);
    // Errors: Invalid when the epoch is not ours, the entry does not exist, or the peer follows
    // under another name; then nothing changed.
    [[nodiscard]] Result<void> acknowledge(Follower follower,
                                           const protocol::Acknowledge& acknowledge);
    // The next entries for somebody who looks on, without a cursor; sent by the next pump().
    void tail(Follower follower, const protocol::Tail& tail);
    void leave(Follower follower) { followers_.erase(follower); }
    // Sends what is new, within everybody's credit; nobody waits for another's trouble. Call after
    // each commit. Errors: Io, Corrupt, of the last consumer that had trouble.
    [[nodiscard]] Result<void> pump();

    // Entries that this consumer has not acknowledged.
    [[nodiscard]] std::uint64_t depth(const std::string& consumer) const;

private:
    struct State {
        std::string consumer;  // empty: a tail
        Watermark sent;
        Watermark acknowledged;
        std::uint32_t credit = 0;
    };
    [[nodiscard]] Result<void> pump(Follower follower);
    [[nodiscard]] Result<bool> send_some(Follower follower);
    [[nodiscard]] Result<void> give_up(Follower follower, Error why);

    const Ledger& ledger_;
    Callbacks callbacks_;
    std::map<Follower, State> followers_;
};

}  // namespace stile
