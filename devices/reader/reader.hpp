// SPDX-License-Identifier: Apache-2.0
// A camera reader at work: what its camera sees goes to stiled, and the answers come back.
#pragma once

#include <memory>
#include <string>

#include "daemon/config/site.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "devices/reader/camera_pipeline.hpp"
#include "devices/reader/health_meter.hpp"
#include "devices/reader/scan_desk.hpp"

namespace stile::devices {

// What the site file asks of the camera.
[[nodiscard]] CameraMode mode_of(const config::Reader& settings);

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
    void look();
    void on_frame(const DecodedFrame& frame);
    void on_code(const Code& code, const DecodedFrame& frame);
    void on_report(const SourceReport& report);
    void log_if_changed();
    void on_tick();
    void send_health();
    void send_health_if_changed();
    void end_when_answered();

    config::Reader settings_;
    const QrDecoder& decoder_;
    AtEnd at_end_;
    EventLoop loop_;
    ScanDesk desk_;
    HealthMeter health_;
    protocol::ReaderState told_state_ = protocol::ReaderState::Starting;
    Condition condition_ = Condition::Starting;  // as it was logged last
    std::string note_;                           // of the source, likewise
    bool ready_ = false;                         // systemd was told
    bool reading_ = false;                       // a frame was decoded
    bool ended_ = false;
    EventSource tick_;
    EventSource end_;
    std::unique_ptr<CameraPipeline> pipeline_;  // last: its threads wake the loop
};

}  // namespace stile::devices
