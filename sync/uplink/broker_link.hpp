// SPDX-License-Identifier: Apache-2.0
// The program's connection to a broker: found again whenever it is lost, at the next of the list.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "sync/mqtt/session.hpp"
#include "sync/uplink/backoff.hpp"
#include "sync/uplink/log_limit.hpp"
#include "sync/uplink/settings.hpp"

namespace stile::sync {

// Tries the brokers in turn, for ever, with a growing delay; a broker that refuses the user is
// tried slowly. Logs. Thread-bound to its loop; handlers run there.
class BrokerLink {
public:
    using Clock = std::chrono::steady_clock;

    struct Handlers {
        // Called before each attempt, to make the will of the connection that may come of it.
        std::function<std::string()> make_will;
        std::function<void(std::uint16_t receive_maximum)> on_up;
        // The connection is gone, or an attempt failed.
        std::function<void()> on_down;
        std::function<void(Token)> on_delivered;
        // Of what was subscribed to. None: nobody is interested.
        std::function<void(const Arrived&)> on_arrived;
        // None: then the connection does not work.
        std::function<void(const SubscriptionRefused&)> on_refused;
    };

    enum class State { Waiting, Connecting, Up };

    // Borrows all but the handlers.
    BrokerLink(EventLoop& loop, MqttSession& session, const Settings& settings,
               std::string will_topic, Handlers handlers);

    void start() { connect(); }
    // Hands on what happened in the session. Call when the session woke the loop.
    void handle(const std::vector<SessionEvent>& events);
    // Does nothing without a connection; a message that cannot be sent ends the connection.
    void publish(const Outgoing& message);
    // Does nothing without a connection; has to be done anew on each.
    void subscribe(const std::string& filter);
    // Ends the connection, because it does not work; another is tried.
    void drop(const std::string& why);
    // Makes no more attempts.
    void stop() { timer_.reset(); }

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] bool up() const { return state_ == State::Up; }
    [[nodiscard]] const std::string& broker() const { return settings_.brokers[broker_]; }
    // Connections that were made after the first.
    [[nodiscard]] std::uint32_t reconnects() const { return connects_ > 0 ? connects_ - 1 : 0; }
    // Why there is no connection: for people. Empty while there is one.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }
    [[nodiscard]] bool refused() const { return refused_; }

private:
    void connect();
    void on(const Connected& event);
    void on(const NotConnected& event);
    void on(const Lost& event);
    void on(const Delivered& event);
    void on(const Undelivered& event);
    void on(const SubscriptionRefused& event);
    void on(const Disconnected& /*event*/) {}
    void on(const Arrived& event);
    void attempt_failed(Refusal refusal, const std::string& text);
    void go_down(Refusal refusal, const std::string& text);
    void retry(std::chrono::milliseconds delay);

    EventLoop& loop_;
    MqttSession& session_;
    const Settings& settings_;
    std::string will_topic_;
    Handlers handlers_;
    State state_ = State::Waiting;
    Backoff backoff_;
    EventSource timer_;  // the next attempt, or the end of patience with this one
    LogLimit log_limit_;
    std::vector<Dialect> dialects_;  // of each broker: MQTT 5 until it refused that
    std::size_t broker_ = 0;
    std::uint32_t attempt_ = 0;
    std::uint32_t connects_ = 0;
    std::string trouble_;
    bool refused_ = false;
};

}  // namespace stile::sync
