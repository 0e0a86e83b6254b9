// SPDX-License-Identifier: Apache-2.0
// The ledger's entries between daemon and broker: in order, each until the broker has it.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/protocol/messages.hpp"
#include "sync/publish/outgoing.hpp"
#include "sync/publish/payloads.hpp"

namespace stile::sync {

// A state machine without I/O. It never holds more entries than the credit that it gave the daemon,
// and moves the daemon's cursor only over entries that the broker acknowledged, all of them up to
// there. So whatever dies, the daemon sends again what is missing: at least once, in order.
class OutboxPump {
public:
    // `capacity` (at least 1): entries held at most.
    OutboxPump(std::string consumer, std::uint16_t capacity);

    // A new conversation with the daemon: it starts at its stored cursor, so everything held is
    // forgotten, and acknowledgements for it will be ignored.
    [[nodiscard]] protocol::Follow follow();

    // The daemon's answer to that: entries begin after this one.
    void begin_after(const EntryKey& position);

    // Takes entries with consecutive numbers from `first`. Errors: Invalid (more than the credit,
    // or a gap: the daemon has to be followed anew), nothing taken.
    [[nodiscard]] Result<void> accept(EntryKey first, std::vector<std::string> payloads);

    // The next entry to publish, from now on in flight under `token`. Null: nothing waits. The
    // pointer lives until the next call.
    [[nodiscard]] const std::string* next(Token token);
    // The broker has it. Unknown tokens are of an earlier connection or conversation: ignored.
    void delivered(Token token);
    // The connection is gone: everything that the broker has not acknowledged waits again.
    void rewind();

    // How far the cursor may move, and how many more entries may come; nothing new: nothing.
    [[nodiscard]] std::optional<protocol::Acknowledge> take_acknowledge();

    [[nodiscard]] std::size_t held() const { return items_.size(); }
    // The last entry up to which the broker acknowledged all; nothing: not known yet.
    [[nodiscard]] const std::optional<EntryKey>& published() const { return published_; }

private:
    enum class State { Waiting, InFlight, Delivered };
    struct Item {
        EntryKey key;
        std::string payload;
        State state = State::Waiting;
        Token token = 0;
    };

    std::string consumer_;
    std::uint16_t capacity_;
    std::uint16_t credit_ = 0;    // how many the daemon may still send
    std::uint16_t finished_ = 0;  // delivered in order, not yet told to the daemon
    std::optional<EntryKey> published_;
    std::optional<EntryKey> newest_;  // the last that was accepted
    std::deque<Item> items_;
    std::size_t cursor_ = 0;  // items before it have been published on this connection
};

}  // namespace stile::sync
