// SPDX-License-Identifier: Apache-2.0
// A program's connection to stiled: found again whenever it is lost.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>

#include "daemon/protocol/channel.hpp"
#include "daemon/runtime/event_loop.hpp"

namespace stile::protocol {

// Connects, says Hello, and calls back with what arrives; when the daemon goes away, tries again
// with a growing delay (100 ms to 2 s) for ever. Answers Ping by itself. Thread-bound to its loop;
// callbacks run there and may call send() and hang_up().
class DaemonLink {
public:
    struct Handlers {
        std::function<void(const Welcome&)> on_up;
        std::function<void(const Error&)> on_down;  // also when a first attempt fails
        std::function<void(Received&&)> on_message;
    };

    DaemonLink(EventLoop& loop, std::filesystem::path socket, Hello hello, Handlers handlers);

    // Starts to connect. Call once.
    void start();
    // Errors: Closed (there is no connection now), Timeout (the daemon does not read), Io.
    [[nodiscard]] Result<void> send(const Message& message);
    // Ends the connection with a word; it is made again after the delay.
    void hang_up(Parting code, std::string detail);
    [[nodiscard]] bool up() const { return welcomed_; }

private:
    void connect();
    void receive();
    void handle(Received&& received);
    void lose(const Error& why);

    EventLoop& loop_;
    std::filesystem::path socket_;
    Hello hello_;
    Handlers handlers_;
    std::optional<Channel> channel_;
    EventSource readable_;
    EventSource retry_;  // the next attempt, or the deadline of this one
    std::chrono::milliseconds delay_;
    bool welcomed_ = false;
};

}  // namespace stile::protocol
