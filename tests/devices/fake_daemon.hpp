// SPDX-License-Identifier: Apache-2.0
// stiled as a reader sees it: a socket that greets, takes scans and answers as the test says.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include <gtest/gtest.h>
#include <poll.h>

#include "daemon/protocol/channel.hpp"

namespace stile::devices::testing {

class FakeDaemon {
public:
    static constexpr int kTimeoutMs = 15'000;  // far more than anything takes, sanitizers included

    explicit FakeDaemon(const std::filesystem::path& folder)
        : listener_{protocol::Listener::open(folder / "reader.sock", 0600).value()} {}

    // Waits for a reader and welcomes it. Returns its Hello.
    protocol::Hello greet() {
        pollfd wait{listener_.fd(), POLLIN, 0};
        if (::poll(&wait, 1, kTimeoutMs) != 1) return {};
        channel_ = listener_.accept();
        auto hello = next<protocol::Hello>();
        send(protocol::Welcome{.venue = "test", .gate = "north", .software = "fake"});
        return hello.value_or(protocol::Hello{});
    }

    void send(const protocol::Message& message) {
        ASSERT_TRUE(channel_.has_value());
        ASSERT_TRUE(channel_->send(message).has_value());
    }
    void answer(const protocol::Scan& scan, protocol::Outcome outcome) {
        send(protocol::Feedback{.scan = scan.scan, .outcome = outcome});
    }

    // The next message of this kind; others are left out. Nothing when it does not come in time, or
    // when the reader went away.
    template <class Message>
    std::optional<Message> next(int timeout_ms = kTimeoutMs) {
        const auto deadline =
            std::chrono::steady_clock::now() + std::chrono::milliseconds{timeout_ms};
        while (channel_) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                deadline - std::chrono::steady_clock::now());
            if (left.count() < 0 || !channel_->wait_readable(static_cast<int>(left.count())))
                return std::nullopt;
            auto received = channel_->receive();
            if (!received) return std::nullopt;
            if (!*received) continue;
            if (auto* message = std::get_if<Message>(&(*received)->message))
                return std::move(*message);
        }
        return std::nullopt;
    }

private:
    protocol::Listener listener_;
    std::optional<protocol::Channel> channel_;
};

}  // namespace stile::devices::testing
