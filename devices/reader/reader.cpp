// SPDX-License-Identifier: Apache-2.0
// The loop's side of a camera reader.
#include "devices/reader/reader.hpp"

#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/message_id.hpp"
#include "daemon/runtime/notify.hpp"
#include "devices/camera/opencv/open_source.hpp"
#include "devices/camera/source_name.hpp"

namespace stile::devices {
namespace {

constexpr std::chrono::seconds kHealthPeriod{2};
constexpr std::chrono::seconds kLastAnswer{2};

std::chrono::nanoseconds now() {
    return std::chrono::nanoseconds{EventLoop::monotonic_ns()};
}

}  // namespace

CameraMode mode_of(const config::Reader& settings) {
    return {.format = pixel_wish(settings.pixel_format).value_or(PixelWish::Auto),
            .width = static_cast<int>(settings.width),
            .height = static_cast<int>(settings.height),
            .rate = static_cast<int>(settings.rate),
            .exposure = std::chrono::microseconds{settings.exposure_us}};
}

Reader::Reader(const config::Site& site, const config::Reader& settings, const QrDecoder& decoder,
               AtEnd at_end)
    : settings_{settings},
      decoder_{decoder},
      at_end_{at_end},
      desk_{loop_,
            site,
            settings,
            protocol::Medium::Qr,
            // Commands for cards are for readers that have some.
            {.on_up = [this] { send_health(); },
             .on_message = [this](const protocol::Message&) { end_when_answered(); }}} {}

int Reader::run() {
    loop_.handle_signals();
    loop_.feed_watchdog();
    loop_.on_wake([this] { look(); });
    tick_ = loop_.every(kHealthPeriod, [this] { on_tick(); });
    desk_.start();
    const CameraMode mode = mode_of(settings_);
    const auto open = [source = settings_.source, mode] { return open_source(source, mode); };
    pipeline_ =
        std::make_unique<CameraPipeline>(open, mode, decoder_, at_end_, [this] { loop_.wake(); });
    const int code = loop_.run();
    notify::stopping();
    pipeline_.reset();
    desk_.close();
    return code;
}

void Reader::look() {
    const auto report = pipeline_->take_report();
    while (const auto frame = pipeline_->take_frame())
        on_frame(*frame);
    if (report) on_report(*report);
    log_if_changed();
    send_health_if_changed();
}

void Reader::on_frame(const DecodedFrame& frame) {
    if (!std::exchange(reading_, true)) {
        log::info(fmt::format("reader {}: reading {}", settings_.name,
                              without_secrets(settings_.source)));
    }
    const bool read = frame.codes && !frame.codes->empty();
    health_.frame_decoded(std::chrono::nanoseconds{frame.decoded_ns},
                          std::chrono::duration_cast<std::chrono::microseconds>(
                              std::chrono::nanoseconds{frame.decode_ns}),
                          frame.look, read ? CameraWatch::Code::Read : CameraWatch::Code::None);
    if (!frame.codes) {
        log::warning(frame.codes.error().context + ", ignoring the frame");
        return;
    }
    for (const Code& code : *frame.codes)
        on_code(code, frame);
}

void Reader::on_code(const Code& code, const DecodedFrame& frame) {
    static_assert(kMaxCodeBytes == protocol::kMaxScanBytes);
    switch (desk_.offer(code.bytes, std::chrono::nanoseconds{frame.captured_ns},
                        std::chrono::nanoseconds{frame.decoded_ns})) {
        case ScanDesk::Taken::Held:
            return;
        case ScanDesk::Taken::Dropped:
            health_.code_dropped();
            [[fallthrough]];
        case ScanDesk::Taken::Sent:
            return health_.code_read();
    }
}

void Reader::on_report(const SourceReport& report) {
    // Ready with or without a camera: waiting for one is the reader's work, not systemd's.
    if (!std::exchange(ready_, true)) notify::ready();
    switch (report.state) {
        case SourceState::Open:
            if (std::exchange(note_, report.detail) != report.detail && !report.detail.empty())
                log::notice(fmt::format("camera {}: {}", settings_.name, report.detail));
            return health_.source_open(report.detail);
        case SourceState::Stuck:
            return health_.source_stuck(report.detail);
        case SourceState::Lost:
            health_.source_lost(report.detail);
            if (at_end_ == AtEnd::Stop) loop_.stop(kExitFailed);
            return;
        case SourceState::Ended:
            ended_ = true;
            end_ = loop_.after(kLastAnswer, [this] { loop_.stop(kExitDone); });
            return end_when_answered();
    }
}

// One line a change: a camera that stays away is tried every few seconds.
void Reader::log_if_changed() {
    const Condition is = health_.condition(now());
    const Condition was = std::exchange(condition_, is);
    if (is == was) return;
    const std::string line =
        fmt::format("camera {}: {} (was {})", settings_.name, name_of(is), name_of(was));
    if (is == Condition::Ok && was == Condition::Starting) return;  // "reading" says so
    const bool good = is == Condition::Ok;
    log::write(good ? log::Level::Notice : log::Level::Warning,
               good ? line
                    : fmt::format("{}: {}{}", line, health_.reason(now()),
                                  at_end_ == AtEnd::Stop ? "" : ", going on"),
               {log::message_id(log::kCameraState),
                {"READER", settings_.name},
                {"STATE", std::string{name_of(is)}}});
}

void Reader::end_when_answered() {
    if (ended_ && desk_.all_answered()) loop_.stop(kExitDone);
}

void Reader::on_tick() {
    log_if_changed();  // silence wakes nobody
    send_health();
    if (health_.decoder_stands_still(now())) {
        log::error("the code reader does not come back from a frame; ending");
        std::_Exit(kExitFailed);  // its thread cannot be joined; systemd starts a new process
    }
}

void Reader::send_health() {
    health_.frames_lost(pipeline_->replaced(), pipeline_->damaged(), pipeline_->refused());
    if (!desk_.up()) return;  // the counts wait for the next connection
    const protocol::ReaderHealth health = health_.take(now());
    told_state_ = health.state;
    (void)desk_.send(health);  // lost with the connection, which says more
}

void Reader::send_health_if_changed() {
    if (health_.state(now()) != told_state_) send_health();
}

}  // namespace stile::devices
