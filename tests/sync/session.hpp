// SPDX-License-Identifier: Apache-2.0
// The client library behind our port, and what a test waits for.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "sync/mqtt/paho_session.hpp"
#include "tests/sync/testbed/mosquitto.hpp"

namespace stile::sync {

class Session : public testing::Test {
protected:
    void SetUp() override {
        auto session = make_paho_session("stile-test", [this] {
            ++wakes_;
            wakes_.notify_all();
        });
        ASSERT_TRUE(session);
        session_ = std::move(*session);
    }
    // The next event of that type; others are dropped.
    template <class Event>
    std::optional<Event> wait_for(std::chrono::milliseconds timeout = testbed::kPatience) {
        const auto deadline = std::chrono::steady_clock::now() + timeout;
        while (std::chrono::steady_clock::now() < deadline) {
            for (const SessionEvent& event : session_->wait_events(std::chrono::milliseconds{50})) {
                if (const auto* found = std::get_if<Event>(&event)) return *found;
            }
        }
        return std::nullopt;
    }
    static ConnectOptions options(const std::string& broker, std::uint32_t attempt = 1) {
        return {.attempt = attempt,
                .broker = broker,
                .timeout = std::chrono::seconds{20},
                .will_topic = "stile/will",
                .will_payload = "lost"};
    }
    std::optional<Connected> connect(const std::string& broker, std::uint32_t attempt = 1) {
        if (!session_->connect(options(broker, attempt))) return std::nullopt;
        return wait_for<Connected>();
    }

    std::atomic<int> wakes_ = 0;
    std::unique_ptr<MqttSession> session_;
};

class SessionWithMosquitto : public Session {
protected:
    void SetUp() override {
        if (!testbed::have_program("mosquitto")) GTEST_SKIP() << "mosquitto is not installed";
        Session::SetUp();
    }
};

}  // namespace stile::sync
