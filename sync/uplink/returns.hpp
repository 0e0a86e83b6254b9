// SPDX-License-Identifier: Apache-2.0
// What comes back to the gate over MQTT: how far collectors have stored its entries, and who wants
// which of them again.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/protocol/messages.hpp"
#include "sync/mqtt/session.hpp"
#include "sync/publish/catch_up.hpp"
#include "sync/publish/replays.hpp"
#include "sync/publish/report.hpp"
#include "sync/publish/topics.hpp"
#include "sync/uplink/log_limit.hpp"
#include "sync/uplink/settings.hpp"

namespace stile::sync {

// Thread-bound to the program's loop. Logs.
class Returns {
public:
    using Clock = std::chrono::steady_clock;
    using TellDaemon = std::function<void(const protocol::Message&)>;

    Returns(const Settings& settings, Topics topics, TellDaemon tell_daemon);

    // What to subscribe to on each connection.
    [[nodiscard]] std::vector<std::string> filters() const;
    // What is to be published again.
    [[nodiscard]] Replays& replays() { return replays_; }
    [[nodiscard]] const Replays& replays() const { return replays_; }

    // A new connection of either kind: what was wanted before is forgotten, what is known is told.
    void begin_anew(Clock::time_point now);
    void arrived(const Arrived& message, Clock::time_point now);
    void fetched(const protocol::Fetched& answer);
    // Tells the daemon what is new and asks it for what is wanted. `published`: the last entry that
    // the broker took, if it is known.
    void proceed(const std::optional<EntryKey>& published, Clock::time_point now);

    [[nodiscard]] std::vector<CollectorHealth> health(
        const std::optional<EntryKey>& published) const;

private:
    struct Collector {
        CatchUp catch_up;
        bool told = true;  // the daemon knows its watermark
    };
    void take_watermark(const std::string& name, Collector& collector, const Arrived& message,
                        Clock::time_point now);
    void take_replay(const Arrived& message);
    void ignore(const Arrived& message, const std::string& why);

    std::string gate_;
    Topics topics_;
    TellDaemon tell_daemon_;
    std::map<std::string, Collector> collectors_;
    Replays replays_;
    LogLimit log_limit_;
};

}  // namespace stile::sync
