// SPDX-License-Identifier: Apache-2.0
// One relay board, and the thread that talks to it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "daemon/runtime/event_loop.hpp"
#include "devices/turnstile/outputs.hpp"
#include "devices/turnstile/relay_link.hpp"
#include "devices/turnstile/upkeep.hpp"

namespace stile::devices {

class RelayChannels;

// Orders go to a thread of its own in their order, each is read back there, and the answers come
// back on the loop. A board that leaves an order without an answer for `patience`, or has more
// orders than it can ever do, is gone: what it was told and has not done yet is forgotten, and it
// is opened anew, with all channels that are used here off. Thread-bound to its loop.
class RelayBoard {
public:
    struct Options {
        RelayOpener open;
        std::chrono::milliseconds patience{500};
        // With one that is gone nobody waits, and to find it by its id every board is asked; a sick
        // one among them takes seconds.
        std::chrono::milliseconds patience_gone{30'000};
        std::chrono::milliseconds look{1000};  // how often a board that has nothing to do is read
        BackOff back_off;
    };
    RelayBoard(EventLoop& loop, Options options);
    // Waits a moment until what was ordered is done. A thread that hangs in the operating system is
    // left behind.
    ~RelayBoard();
    RelayBoard(const RelayBoard&) = delete;
    RelayBoard& operator=(const RelayBoard&) = delete;

private:
    friend class RelayChannels;
    struct Shared;
    struct Order;
    struct Answer;
    enum class State : std::uint8_t { Here, Gone };

    void attach(RelayChannels& user);
    void detach(const RelayChannels& user);
    [[nodiscard]] Result<void> set(std::uint8_t channel, Switch to);
    [[nodiscard]] bool put(Order order);
    void be_patient();
    void collect();
    void take(const Answer& answer);
    void lost(std::string why);
    void try_again();
    void look();

    EventLoop& loop_;
    Options options_;
    std::shared_ptr<Shared> shared_;  // with the thread, which may outlive this
    std::vector<RelayChannels*> users_;
    State state_ = State::Here;
    std::string trouble_;
    std::uint64_t waiting_ = 0;  // orders without an answer
    std::uint64_t taken_ = 0;    // answers, ever
    std::chrono::milliseconds wait_;
    EventSource answered_;
    EventSource patience_;
    EventSource overflow_;  // it is to be given up at the next turn of the loop
    EventSource looks_;
    EventSource again_;
    std::jthread thread_;
};

// Some channels of a board, as outputs of a turnstile or of its lamps.
class RelayChannels final : public Outputs {
public:
    // Shared: the board lives as long as the last lane that is wired to it. Channels count from 1;
    // each belongs to one user only.
    RelayChannels(std::shared_ptr<RelayBoard> board, std::vector<std::uint8_t> channels);
    ~RelayChannels() override;
    RelayChannels(const RelayChannels&) = delete;
    RelayChannels& operator=(const RelayChannels&) = delete;

    [[nodiscard]] Result<void> set(std::size_t output, Switch to) override;
    void look() override { board_->look(); }
    [[nodiscard]] std::string trouble() const override { return board_->trouble_; }

private:
    friend class RelayBoard;
    std::shared_ptr<RelayBoard> board_;
    std::vector<std::uint8_t> channels_;
};

}  // namespace stile::devices
