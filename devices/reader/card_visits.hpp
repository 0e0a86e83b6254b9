// SPDX-License-Identifier: Apache-2.0
// The visits of cards at one reader: what stiled is told of each, asks of it and answers to it.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "daemon/protocol/messages.hpp"
#include "daemon/runtime/rate_limit.hpp"
#include "devices/camera/sightings.hpp"
#include "devices/ccid/ccid_reader.hpp"
#include "devices/ccid/timer.hpp"

namespace stile::devices {

// One card at a time. A card that was answered stays answered until it was away for `hold_off`,
// however often its field flickers; one that was torn away before its answer is a new visit at
// once. Thread-bound; calls its ports from inside its functions.
class CardVisits {
public:
    using Time = Timer::Time;
    static constexpr std::chrono::milliseconds kAgain{500};   // after `wait`, or a torn card
    static constexpr std::chrono::milliseconds kShown{2000};  // an answer, on the lamp
    static constexpr std::chrono::milliseconds kUidBudget{500};

    struct Ports {
        std::function<bool()> up;  // there is a stiled
        std::function<std::uint64_t()> next_number;
        std::function<bool(const protocol::Message&)> send;  // whether it went out
        // As the functions of CcidReader.
        std::function<void(Bytes, std::chrono::milliseconds, CcidReader::OnAnswer)> transmit;
        std::function<void()> restart_card;
        std::function<void(Signal)> show;
    };
    struct Counts {
        std::uint32_t cards = 0;       // that stiled was told of
        std::uint32_t dropped = 0;     // that it could not be told of
        std::uint32_t commands = 0;    // that were passed to cards
        std::uint32_t command_us = 0;  // median of the commands' times
    };

    // Borrows `timer`, whose alarm goes to on_alarm().
    CardVisits(Ports ports, Timer& timer, std::chrono::milliseconds hold_off);

    // What the reader says.
    void on_ready();  // lamp and cards can be spoken to from now on
    void on_card(Bytes atr);
    void on_gone();
    // What stiled says. Its first words are on_up().
    void on_up();
    void on_down();
    void on_message(const protocol::Message& message);

    void on_alarm();
    // Since the last call.
    [[nodiscard]] Counts take_counts();

private:
    struct Visit {
        Buffer atr;
        Buffer uid;                 // empty: the card has none, or it cannot be read
        std::uint32_t session = 0;  // 0: stiled does not know of it
        bool answered = false;
    };
    // A session that stiled has not answered yet, its card perhaps gone.
    struct Open {
        std::uint32_t session;
        Buffer uid;
    };

    void on_uid(const CcidReader::Answer& answer);
    void tell();
    void on_command(const protocol::CardCommand& command);
    void pass_on(const protocol::CardCommand& command);
    void answer(const protocol::CardCommand& command, protocol::CardStatus status, Bytes bytes);
    void on_feedback(const protocol::Feedback& feedback);
    void show_for_a_while(Signal signal);
    void remember(Bytes uid);
    [[nodiscard]] bool was_answered(Bytes uid);
    void try_again();
    void set_alarm();

    Ports ports_;
    Timer& timer_;
    Sightings answered_;
    RateLimit allowance_;
    std::optional<Visit> visit_;  // the card that lies there
    std::deque<Open> open_;       // at most kMaxOpen
    bool commanding_ = false;     // the card has a command
    bool closed_ = true;          // no stiled
    std::uint32_t connection_ = 0;
    std::optional<Time> again_;
    std::optional<Time> dark_;  // when the lamp goes out
    Counts counts_;
    std::vector<std::uint32_t> command_us_;
};

}  // namespace stile::devices
