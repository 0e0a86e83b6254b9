// SPDX-License-Identifier: Apache-2.0
// The program: what the daemon says goes to the broker, what the broker acknowledged goes back.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "daemon/protocol/daemon_link.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "sync/metrics/gate_metrics.hpp"
#include "sync/mqtt/session.hpp"
#include "sync/publish/dispatch.hpp"
#include "sync/publish/leftovers.hpp"
#include "sync/publish/outbox_pump.hpp"
#include "sync/publish/payloads.hpp"
#include "sync/publish/report.hpp"
#include "sync/publish/topics.hpp"
#include "sync/uplink/broker_link.hpp"
#include "sync/uplink/log_limit.hpp"
#include "sync/uplink/returns.hpp"
#include "sync/uplink/settings.hpp"
#include "sync/uplink/wall_clock.hpp"

namespace stile::sync {

// Thread-bound to its loop. Logs.
class Uplink {
public:
    enum class Ending {
        Clean,
        Hasty  // the client library is still busy: end the process without destroying it
    };

    // Borrows the first three.
    Uplink(EventLoop& loop, MqttSession& session, const Settings& settings, WallClock clock);

    void start();
    // Call when the session woke the loop.
    void on_session_events();
    // After the loop has ended: says "offline" and disconnects. Blocks, at most two seconds.
    [[nodiscard]] Ending finish();

    // For monitoring, as of now.
    [[nodiscard]] GateFacts facts() const;

private:
    using Clock = std::chrono::steady_clock;

    void daemon_up(const protocol::Welcome& welcome);
    void daemon_down(const Error& why);
    void receive(const protocol::Message& message);
    void take_entries(const protocol::Entries& entries);
    void take_report(const protocol::Report& report);
    void note(const protocol::Report& report, const Outgoing& message);
    void announce(const std::string& info);
    void delete_leftovers();
    void tell_daemon(const protocol::Message& message);
    void tell_link_state();

    std::string make_will();
    void broker_up(std::uint16_t receive_maximum);
    void broker_down();
    void arrived(const Arrived& message);
    void refused(const SubscriptionRefused& refusal);
    void delivered(Token token);
    void proceed();
    void publish_waiting();
    void tick();

    void refresh_status();
    [[nodiscard]] Outgoing status_message(GateState state, const std::string& detail) const;
    [[nodiscard]] LinkHealth link_health() const;
    [[nodiscard]] bool flapping() const;

    EventLoop& loop_;
    MqttSession& session_;
    const Settings& settings_;
    const WallClock wall_clock_;
    Topics topics_;
    ReportWriter reports_;
    OutboxPump pump_;
    Returns returns_;
    Dispatch dispatch_;
    Leftovers leftovers_;
    BrokerLink broker_;
    protocol::DaemonLink daemon_;
    EventSource ticks_;
    LogLimit log_limit_;

    std::string boot_;  // of the connection, or of the attempt to make one
    bool met_daemon_ = false;
    bool other_gate_ = false;  // the daemon is configured for another gate than this program
    bool stopping_ = false;
    Clock::time_point started_ = Clock::now();
    Clock::time_point last_delivery_;
    Clock::time_point last_own_health_;
    std::deque<Clock::time_point> losses_;  // of connections, within the last minute
    std::optional<std::chrono::sys_time<std::chrono::milliseconds>> connected_since_;
    std::pair<GateState, std::string> said_{GateState::Offline, ""};  // the status on the board
    std::string said_boot_;
    std::string health_;  // the daemon's last reports
    std::string count_;
};

}  // namespace stile::sync
