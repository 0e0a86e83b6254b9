// SPDX-License-Identifier: Apache-2.0
// The people in front of one lane, and the reader that sees their tickets.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "daemon/protocol/daemon_link.hpp"
#include "daemon/runtime/event_loop.hpp"

namespace stile::simulate {

// Speaks a reader's part of daemon/PROTOCOL.md. Whoever is first shows their ticket when the lane
// is free, and again when it says "wait" or nothing at all. Thread-bound to its loop.
class LaneFront {
public:
    struct Visitor {
        std::size_t showing = 0;
        std::string code;
        std::uint8_t people = 1;
        bool unanswered = false;  // the gate died while it looked: perhaps it counts as entered
    };
    struct Place {
        std::filesystem::path socket;
        std::string reader;
        std::chrono::milliseconds passage;  // that one person needs
    };
    using Answered = std::function<void(const Visitor&, const protocol::Feedback&)>;

    LaneFront(EventLoop& loop, Place place, Answered answered);

    void join(Visitor visitor);
    // All of them. The showing that the gate was looking at, if there is one.
    std::optional<std::size_t> send_home();
    // The reader goes away once it has its answer; the people wait.
    void break_reader();
    void mend_reader();

    [[nodiscard]] bool broken() const { return !wanted_; }
    [[nodiscard]] bool up() const { return link_ && link_->up(); }
    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }

private:
    void plug_in();
    void unplug();
    void lost();
    void next();
    void pause(std::chrono::milliseconds time);
    void take(const protocol::Feedback& feedback);

    EventLoop& loop_;
    Place place_;
    Answered answered_;
    std::deque<Visitor> queue_;
    std::optional<protocol::DaemonLink> link_;
    bool wanted_ = true;
    std::uint64_t scan_ = 0;
    bool asked_ = false;  // about the first one
    EventSource pause_;   // until the lane is free, or until the next try
    EventSource turn_;
};

}  // namespace stile::simulate
