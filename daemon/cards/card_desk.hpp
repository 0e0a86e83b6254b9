// SPDX-License-Identifier: Apache-2.0
// The cards of one reader: asks the one that lies on it what it has, one dialogue after the other.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/cards/card_outcome.hpp"
#include "daemon/protocol/messages.hpp"
#include "daemon/runtime/event_loop.hpp"

namespace stile {

// A dialogue that is made when its turn has come.
struct CardTurn {
    // Cards count wrong keys, and lock themselves: after one, none of these is tried again.
    enum class Keys : std::uint8_t { None, Secret } keys = Keys::None;
    std::function<std::unique_ptr<crypto::CardDialogue>()> make;
};
using CardPlan = std::vector<CardTurn>;

struct SeenCard {
    std::uint32_t session = 0;
    std::uint64_t came_ns = 0;  // CLOCK_MONOTONIC
    CardOutcome outcome;
};

// Trusts no reader: whatever it sends, and in whatever order, costs a bounded time and memory. A
// card is done with its first finding, or when its plan is at its end, and is not asked again
// before it was taken away. Thread-bound to the loop.
class CardDesk {
public:
    struct Limits {
        std::chrono::milliseconds command{1500};  // until the card has answered one
        std::chrono::milliseconds card{3000};     // from the first command to the finding
        std::chrono::milliseconds reader{500};    // more than the card has, to say that it did not
        std::chrono::milliseconds rest{2000};     // one that lies there this long ago was it
        std::uint16_t commands = 200;             // a card
    };
    struct Parts {
        EventLoop& loop;
        std::function<CardPlan(const protocol::CardPresent&)> plan;
        std::function<void(const protocol::Message&)> send;  // to the reader; may call reset()
        // Once for each card, also for one that was torn away, but not for one whose place another
        // has taken. May call reset().
        std::function<void(SeenCard)> on_card;
        std::function<void()> on_silence;  // the reader did not even say that the card is silent
        Limits limits{};
    };
    explicit CardDesk(Parts parts) : parts_{std::move(parts)} {}

    // Errors: Invalid (the number was used before; the reader breaks the protocol).
    [[nodiscard]] Result<void> take(const protocol::CardPresent& present);
    // One to no command, or to an earlier one, is passed over: it may have been on its way.
    void take(const protocol::CardAnswer& answer);
    void take(const protocol::CardGone& gone);
    // What the reader was told. A card that has to wait is asked again.
    void answered(const protocol::Feedback& feedback);
    // The reader is gone.
    void reset();

private:
    struct Visit {
        protocol::CardPresent card;
        std::int64_t came_ns = 0;
        CardPlan plan;
        std::size_t next = 0;  // in the plan
        std::unique_ptr<crypto::CardDialogue> dialogue;
        std::uint16_t commands = 0;                            // the last one's sequence number
        crypto::CardFault fault = crypto::CardFault::NotThis;  // the most telling one
        CardTurn::Keys keys_allowed = CardTurn::Keys::Secret;
    };
    struct Rest {
        protocol::CardPresent card;
        std::int64_t seen_ns = 0;
    };

    [[nodiscard]] bool lies_there(const protocol::CardPresent& card) const;
    [[nodiscard]] bool begin_next();
    void go_on(crypto::CardStep step);
    void note(crypto::CardFault fault);
    void command(Buffer apdu);
    void finish(CardOutcome outcome);
    void tear();
    void tell(CardOutcome outcome);

    Parts parts_;
    std::uint32_t last_session_ = 0;
    std::optional<Visit> visit_;  // a command is on its way
    std::optional<Rest> rest_;    // the card that is done, and may still lie there
    EventSource deadline_;
};

}  // namespace stile
