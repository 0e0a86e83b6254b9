// SPDX-License-Identifier: Apache-2.0
// The desk between a reader and stiled: what was read is sent once and not too often, and the
// answers come back to it.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "crypto/base/bytes.hpp"
#include "daemon/config/site.hpp"
#include "daemon/protocol/daemon_link.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "daemon/runtime/rate_limit.hpp"
#include "devices/camera/sightings.hpp"

namespace stile::devices {

// How many scans a reader passes on: enough for any crowd, for a lane lets one person pass in that
// time. A screen that shows other codes fifty times a second fills no ledger.
inline constexpr int kScansAtOnce = 20;  // more than a full frame
inline constexpr std::chrono::milliseconds kScanPeriod{100};

// Shared by all kinds of readers. Thread-bound to its loop; the handlers run there.
class ScanDesk {
public:
    using Time = std::chrono::nanoseconds;  // CLOCK_MONOTONIC

    struct Handlers {
        std::function<void()> on_up;  // connected: numbers begin anew
        // Every message of stiled, after what it says of a scan has been noted.
        std::function<void(const protocol::Message&)> on_message;
        std::function<void()> on_down;  // also after each attempt that fails
    };
    enum class Taken {
        Sent,
        Held,     // sent a moment ago, and not away since
        Dropped,  // too long; or no connection or too many, and then it is new when it comes again
    };

    ScanDesk(EventLoop& loop, const config::Site& site, const config::Reader& settings,
             protocol::Medium medium, Handlers handlers);

    // Starts to connect. Call once.
    void start() { link_.start(); }
    // `captured`: the frame, or the last key stroke.
    [[nodiscard]] Taken offer(Bytes content, Time captured, Time decoded);
    // For a card session, which is numbered like a scan.
    [[nodiscard]] std::uint64_t next_number() { return ++last_scan_; }
    [[nodiscard]] bool all_answered() const { return open_.empty(); }

    [[nodiscard]] bool up() const { return link_.up(); }
    // Errors: those of DaemonLink::send.
    [[nodiscard]] Result<void> send(const protocol::Message& message) {
        return link_.send(message);
    }
    void close() { link_.hang_up(protocol::Parting::Done, "the reader ends"); }

private:
    // A scan that stiled has not answered yet.
    struct Open {
        std::uint64_t scan;
        Buffer content;
    };

    [[nodiscard]] bool pass_on(Bytes content, Time captured, Time decoded);
    void on_up();
    void on_down(const Error& why);
    void on_message(const protocol::Message& message);
    void on_feedback(const protocol::Feedback& feedback);

    std::string name_;
    protocol::Medium medium_;
    Handlers handlers_;
    protocol::DaemonLink link_;
    Sightings sightings_;
    RateLimit allowance_{kScanPeriod, kScansAtOnce};
    std::deque<Open> open_;  // at most kMaxOpen
    std::uint64_t last_scan_ = 0;
    bool told_down_ = false;
};

}  // namespace stile::devices
