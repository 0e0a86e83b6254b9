// SPDX-License-Identifier: Apache-2.0
// The program: what gates publish goes into the store, what the store says goes to the broker.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/runtime/event_loop.hpp"
#include "sync/collector/alarm_desk.hpp"
#include "sync/collector/board.hpp"
#include "sync/collector/config.hpp"
#include "sync/collector/detectors.hpp"
#include "sync/collector/doubts.hpp"
#include "sync/collector/gate_watch.hpp"
#include "sync/collector/heard.hpp"
#include "sync/collector/imports.hpp"
#include "sync/collector/intake.hpp"
#include "sync/collector/ops_messages.hpp"
#include "sync/collector/ops_topics.hpp"
#include "sync/collector/papers.hpp"
#include "sync/collector/picture.hpp"
#include "sync/collector/progress.hpp"
#include "sync/collector/questions.hpp"
#include "sync/mqtt/session.hpp"
#include "sync/uplink/broker_link.hpp"
#include "sync/uplink/log_limit.hpp"
#include "sync/uplink/wall_clock.hpp"

namespace stile::sync {

// For monitoring.
struct CollectorFacts {
    std::string venue;
    std::string collector;
    bool broker_connected = false;
    bool store_works = true;
    std::size_t waiting = 0;
    Intake::Counters entries;
    std::vector<GateProgress> gates;
};

// Thread-bound to its loop, and blocks it while the store writes: what arrives meanwhile waits with
// the client library, and what is too much comes again. Logs.
class Collector {
public:
    enum class Ending { Clean, Hasty };  // as Uplink::Ending

    // Borrows all but the clock and the papers.
    Collector(EventLoop& loop, MqttSession& session, EntryStore& store,
              const CollectorConfig& config, WallClock clock, CollectorPapers papers);

    // Reads the whole store, and tells the journal how far it is. Blocks. Errors: the store's.
    [[nodiscard]] Result<void> rebuild();
    void start();
    // Call when the session woke the loop.
    void on_session_events();
    // After the loop has ended: says "offline" and disconnects. Blocks, at most two seconds.
    [[nodiscard]] Ending finish();

    [[nodiscard]] CollectorFacts facts();

private:
    using Clock = std::chrono::steady_clock;

    std::string make_will();
    void broker_up(std::uint16_t receive_maximum);
    void broker_down();
    void delivered(Token token);
    void publish_waiting();

    void arrived(const Arrived& message);
    void heard_of_gate(const std::string& gate, std::string_view what, const Arrived& message);
    void heard_of_ops(std::string_view what, std::string_view payload);
    void take_entry(const std::string& gate, std::string_view payload);
    void asked(std::string_view payload);

    void store_waiting();
    void stored(const GateEntry& entry);
    void count(const GateEntry& entry);
    void store_says(const Result<void>& result);
    void look_at_lists();
    void publish_watermarks();

    void tick();
    void ask_for_missing();
    void speak();
    void note_doubts();
    [[nodiscard]] std::vector<Trouble> troubles(WallTime now);
    [[nodiscard]] bool speaks() const { return config_.voice == Voice::Speaks; }
    [[nodiscard]] Outgoing status_message(OpsState state) const;

    EventLoop& loop_;
    MqttSession& session_;
    EntryStore& store_;
    const CollectorConfig& config_;
    const WallClock wall_clock_;
    const Settings settings_;
    const OpsTopics topics_;
    BrokerLink broker_;
    Board board_;
    Intake intake_;
    Picture picture_;
    Imports imports_;
    Progress progress_;
    GateWatch watch_;
    Detectors detectors_;
    AlarmDesk desk_;
    DoubtNotes doubts_;
    Answers answers_;
    QuestionLimit limit_;
    LogLimit log_limit_;
    EventSource ticks_;
    EventSource batch_;  // stores what waits

    std::string boot_;      // of the connection, or of the attempt to make one
    bool settled_ = false;  // what the broker remembers of an earlier run has been read
    bool stopping_ = false;
    std::string store_trouble_;    // empty: it works
    std::string lists_trouble_;    // the same of what is imported
    Clock::time_point try_store_;  // not before
    Clock::time_point up_since_;
    Clock::time_point last_delivery_;
    std::map<std::string, EntryName> said_watermarks_;  // by gate
    std::optional<std::vector<GateProgress>> said_gates_;
};

}  // namespace stile::sync
