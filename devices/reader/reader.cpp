// SPDX-License-Identifier: Apache-2.0
// The loop's side of a camera reader.
#include "devices/reader/reader.hpp"

#include <algorithm>
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
constexpr std::size_t kMaxOpen = 64;

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
      link_{loop_,
            site.socket("reader.sock"),
            {protocol::Role::Reader, settings.name, "stile-reader " STILE_VERSION},
            {.on_up = [this](const protocol::Welcome&) { on_up(); },
             .on_down = [this](const Error& why) { on_down(why); },
             .on_message = [this](protocol::Received&& got) { on_message(got.message); }}},
      sightings_{settings.hold_off} {}

int Reader::run() {
    loop_.handle_signals();
    loop_.feed_watchdog();
    loop_.on_wake([this] { look(); });
    tick_ = loop_.every(kHealthPeriod, [this] { on_tick(); });
    link_.start();
    const CameraMode mode = mode_of(settings_);
    const auto open = [source = settings_.source, mode] { return open_source(source, mode); };
    pipeline_ =
        std::make_unique<CameraPipeline>(open, mode, decoder_, at_end_, [this] { loop_.wake(); });
    const int code = loop_.run();
    notify::stopping();
    pipeline_.reset();
    link_.hang_up(protocol::Parting::Done, "the reader ends");
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
    if (sightings_.see(code.bytes, std::chrono::nanoseconds{frame.captured_ns}) == Sighting::Held)
        return;
    health_.code_read();
    static_assert(kMaxCodeBytes == protocol::kMaxScanBytes);
    if (code.bytes.size() > kMaxCodeBytes) return health_.code_dropped();
    if (!pass_on(code, frame)) {
        sightings_.forget(code.bytes);  // so that it is read again when there is room for it
        health_.code_dropped();
    }
}

bool Reader::pass_on(const Code& code, const DecodedFrame& frame) {
    if (!link_.up() || !allowance_.take(std::chrono::nanoseconds{frame.captured_ns})) return false;
    const auto sent =
        link_.send(protocol::Scan{.scan = last_scan_ + 1,
                                  .medium = protocol::Medium::Qr,
                                  .captured_ns = static_cast<std::uint64_t>(frame.captured_ns),
                                  .decoded_ns = static_cast<std::uint64_t>(frame.decoded_ns),
                                  .content = code.bytes});
    if (!sent) return false;
    open_.push_back({++last_scan_, code.bytes});
    if (open_.size() > kMaxOpen) open_.pop_front();
    return true;
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
    if (ended_ && open_.empty()) loop_.stop(kExitDone);
}

void Reader::on_up() {
    last_scan_ = 0;
    told_down_ = false;
    log::info(fmt::format("reader {}: connected to stiled", settings_.name));
    send_health();
}

void Reader::on_down(const Error& why) {
    // What was not answered never will be: let it be read again.
    for (const Open& scan : open_)
        sightings_.forget(scan.content);
    open_.clear();
    if (!std::exchange(told_down_, true))
        log::warning(why.context + ", dropping what is read until stiled is back");
}

void Reader::on_message(const protocol::Message& message) {
    // Commands for cards are for readers that have some.
    if (const auto* feedback = std::get_if<protocol::Feedback>(&message)) on_feedback(*feedback);
}

void Reader::on_feedback(const protocol::Feedback& feedback) {
    const auto scan = std::ranges::find(open_, feedback.scan, &Open::scan);
    if (scan == open_.end()) return;
    if (feedback.outcome == protocol::Outcome::Wait) sightings_.forget(scan->content);
    open_.erase(scan);
    end_when_answered();
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
    if (!link_.up()) return;  // the counts wait for the next connection
    const protocol::ReaderHealth health = health_.take(now());
    told_state_ = health.state;
    (void)link_.send(health);  // lost with the connection, which says more
}

void Reader::send_health_if_changed() {
    if (health_.state(now()) != told_state_) send_health();
}

}  // namespace stile::devices
