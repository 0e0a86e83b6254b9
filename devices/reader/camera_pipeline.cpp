// SPDX-License-Identifier: Apache-2.0
// Capture, decode, and what happens when the source goes away.
#include "devices/reader/camera_pipeline.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <utility>

#include "daemon/runtime/event_loop.hpp"
#include "daemon/runtime/exit_code.hpp"
#include "daemon/runtime/log.hpp"
#include "devices/camera/pace.hpp"

namespace stile::devices {
namespace {

constexpr std::chrono::milliseconds kFirstDelay{250};
constexpr std::chrono::milliseconds kLongestDelay{5000};
constexpr int kTimeoutsBeforeReopen = 3;
constexpr int kDamagedBeforeReopen = 100;  // in a row

// A thread that dies takes the process with it: systemd starts a new one.
template <class Body>
void last_catch(std::string_view thread, Body body) {
    try {
        body();
    } catch (const std::exception& thrown) {
        log::error(std::string{thread} + " thread: " + thrown.what());
        std::_Exit(kExitFailed);
    }
}

}  // namespace

CameraPipeline::CameraPipeline(OpenSource open, const CameraMode& asked, const QrDecoder& decoder,
                               AtEnd at_end, std::function<void()> wake)
    : open_{std::move(open)},
      asked_{asked},
      decoder_{decoder},
      at_end_{at_end},
      wake_{std::move(wake)},
      decoding_{
          [this](const std::stop_token& stop) { last_catch("decode", [&] { decode(stop); }); }},
      capturing_{
          [this](const std::stop_token& stop) { last_catch("capture", [&] { capture(stop); }); }} {}

void CameraPipeline::report(SourceState state, std::string detail) {
    reports_.put({state, std::move(detail)});
    wake_();
}

void CameraPipeline::capture(const std::stop_token& stop) {
    auto delay = kFirstDelay;
    while (!stop.stop_requested()) {
        Take take = take_all(stop);
        const bool played = take.end.code == Errc::Closed;
        if (played && at_end_ == AtEnd::Stop) return frames_.close();
        if (take.frames > 0) delay = kFirstDelay;
        if (played && take.frames > 0) continue;  // from the beginning, at once
        const bool silent = take.end.code == Errc::Timeout;
        report(silent ? SourceState::Stuck : SourceState::Lost, std::move(take.end.context));
        if (!wait_until(stop, std::chrono::steady_clock::now() + delay)) return;
        delay = std::min(delay * 2, kLongestDelay);
    }
}

CameraPipeline::Take CameraPipeline::take_all(const std::stop_token& stop) {
    auto source = open_();
    if (!source) {
        // Only a source that was played can be at its end.
        if (source.error().code == Errc::Closed) source.error().code = Errc::Io;
        return {.frames = 0, .end = std::move(source.error())};
    }
    const std::string given = differences(asked_, (*source)->given());
    report(SourceState::Open, given.empty() ? given : "gives " + given);
    return pump(**source, stop);
}

// Puts frames into the mailbox until the source fails for good.
CameraPipeline::Take CameraPipeline::pump(FrameSource& source, const std::stop_token& stop) {
    Take take;
    int timeouts = 0;
    int damaged = 0;
    while (true) {
        auto frame = source.next(stop);
        if (frame) {
            timeouts = damaged = 0;
            ++take.frames;
            if (frame->damaged) ++damaged_;
            frames_.put(std::move(*frame));
        } else if (frame.error().code == Errc::Invalid) {
            ++damaged_;
            // A recording may be as damaged as it likes: it has an end.
            if (++damaged < kDamagedBeforeReopen || at_end_ == AtEnd::Stop) continue;
            take.end = {Errc::Timeout, "nothing but damaged pictures: " + frame.error().context};
            return take;
        } else if (frame.error().code == Errc::Timeout && ++timeouts < kTimeoutsBeforeReopen) {
            report(SourceState::Stuck, std::move(frame.error().context));
        } else {
            take.end = std::move(frame.error());
            return take;
        }
    }
}

void CameraPipeline::decode(const std::stop_token& stop) {
    PictureGauge gauge;
    while (const auto frame = frames_.take(stop)) {
        const std::int64_t begin = EventLoop::monotonic_ns();
        DecodedFrame result{.captured_ns = frame->captured_ns, .codes = decoder_.decode(*frame)};
        result.decoded_ns = EventLoop::monotonic_ns();
        result.decode_ns = result.decoded_ns - begin;
        result.look = gauge.look(*frame);
        (void)decoded_.push(std::move(result));  // the queue counts what it refuses
        wake_();
    }
    if (!stop.stop_requested()) report(SourceState::Ended, {});
}

}  // namespace stile::devices
