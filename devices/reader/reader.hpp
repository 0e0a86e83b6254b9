// SPDX-License-Identifier: Apache-2.0
// A camera reader at work: what its camera sees goes to stiled, and the answers come back.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "daemon/config/site.hpp"
#include "daemon/protocol/daemon_link.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "daemon/runtime/rate_limit.hpp"
#include "devices/camera/sightings.hpp"
#include "devices/reader/camera_pipeline.hpp"
#include "devices/reader/health_meter.hpp"

namespace stile::devices {

// What the site file asks of the camera.
[[nodiscard]] CameraMode mode_of(const config::Reader& settings);

// How many codes a reader passes on: enough for any crowd, for a lane lets one person pass in that
// time. A screen that shows other codes fifty times a second fills no ledger.
inline constexpr int kScansAtOnce = 20;  // more than a full frame
inline constexpr std::chrono::milliseconds kScanPeriod{100};

// All of its state belongs to the loop's thread; the pipeline's threads only wake it.
class Reader {
public:
    // Borrows the decoder. Make it before any other thread starts (it blocks signals).
    Reader(const config::Site& site, const config::Reader& settings, const QrDecoder& decoder,
           AtEnd at_end);

    // Runs until SIGTERM or SIGINT, or with AtEnd::Stop to the end of the source (and the last
    // answer, or 2 s). Returns the exit code. Call once.
    [[nodiscard]] int run();

private:
    // A scan that stiled has not answered yet.
    struct Open {
        std::uint64_t scan;
        Buffer content;
    };

    void look();
    void on_frame(const DecodedFrame& frame);
    void on_code(const Code& code, const DecodedFrame& frame);
    [[nodiscard]] bool pass_on(const Code& code, const DecodedFrame& frame);
    void on_report(const SourceReport& report);
    void log_if_changed();
    void on_up();
    void on_down(const Error& why);
    void on_message(const protocol::Message& message);
    void on_feedback(const protocol::Feedback& feedback);
    void on_tick();
    void send_health();
    void send_health_if_changed();
    void end_when_answered();

    config::Reader settings_;
    const QrDecoder& decoder_;
    AtEnd at_end_;
    EventLoop loop_;
    protocol::DaemonLink link_;
    Sightings sightings_;
    RateLimit allowance_{kScanPeriod, kScansAtOnce};
    HealthMeter health_;
    protocol::ReaderState told_state_ = protocol::ReaderState::Starting;
    std::deque<Open> open_;  // at most kMaxOpen
    std::uint64_t last_scan_ = 0;
    Condition condition_ = Condition::Starting;  // as it was logged last
    std::string note_;                           // of the source, likewise
    bool ready_ = false;                         // systemd was told
    bool reading_ = false;                       // a frame was decoded
    bool ended_ = false;
    bool told_down_ = false;
    EventSource tick_;
    EventSource end_;
    std::unique_ptr<CameraPipeline> pipeline_;  // last: its threads wake the loop
};

}  // namespace stile::devices
