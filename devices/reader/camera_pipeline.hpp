// SPDX-License-Identifier: Apache-2.0
// The two threads of a camera reader: one captures, one decodes; what they find waits for the loop.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/runtime/bounded_queue.hpp"
#include "daemon/runtime/mailbox.hpp"
#include "devices/camera/frame_source.hpp"
#include "devices/camera/picture_look.hpp"
#include "devices/camera/qr_decoder.hpp"

namespace stile::devices {

// What to do when a file or a folder is at its end.
enum class AtEnd { Stop, PlayAgain };

enum class SourceState {
    Open,   // the source is there; frames follow. The detail is what it gives otherwise than asked
    Stuck,  // it is there and sends nothing
    Lost,   // it cannot be opened, or was unplugged; it is tried again
    Ended,  // the last frame was decoded (AtEnd::Stop only)
};

struct SourceReport {
    SourceState state = SourceState::Lost;
    std::string detail;
};

struct DecodedFrame {
    std::int64_t captured_ns = 0;
    std::int64_t decoded_ns = 0;
    std::int64_t decode_ns = 0;  // how long the decoder took
    PictureLook look;
    Result<std::vector<Code>> codes;
};

// Frames go through a mailbox (newest wins: an old frame helps nobody), results through a queue of
// 64 (full: the loop stands still, and the next frame shows the same code again). The threads start
// with the object and end with it, at the latest 2 s later (5 s while a stream is being opened).
class CameraPipeline {
public:
    using OpenSource = std::function<Result<std::unique_ptr<FrameSource>>()>;

    // `open` runs on the capture thread, again and again with a growing delay (250 ms to 5 s) while
    // the source is lost. What it gives is compared with `asked`. `wake` is called from both
    // threads when something waits. Borrows the decoder.
    CameraPipeline(OpenSource open, const CameraMode& asked, const QrDecoder& decoder, AtEnd at_end,
                   std::function<void()> wake);

    // The state of the source, if it changed. Take it before the frames: then everything that was
    // decoded before it happened is there. Both are thread-safe.
    [[nodiscard]] std::optional<SourceReport> take_report() { return reports_.try_take(); }
    [[nodiscard]] std::optional<DecodedFrame> take_frame() { return decoded_.try_pop(); }

    // Frames since the start that a newer one replaced, that were damaged, and whose results found
    // no place.
    [[nodiscard]] std::uint64_t replaced() const { return frames_.replaced(); }
    [[nodiscard]] std::uint64_t damaged() const { return damaged_; }
    [[nodiscard]] std::uint64_t refused() const { return decoded_.refused(); }

private:
    // What one opening of the source gave, and how it ended.
    struct Take {
        std::uint64_t frames = 0;
        Error end;
    };
    void capture(const std::stop_token& stop);
    [[nodiscard]] Take take_all(const std::stop_token& stop);
    [[nodiscard]] Take pump(FrameSource& source, const std::stop_token& stop);
    void decode(const std::stop_token& stop);
    void report(SourceState state, std::string detail);

    OpenSource open_;
    CameraMode asked_;
    const QrDecoder& decoder_;
    AtEnd at_end_;
    std::function<void()> wake_;
    Mailbox<Frame> frames_;
    Mailbox<SourceReport> reports_;
    BoundedQueue<DecodedFrame> decoded_{64};
    std::atomic<std::uint64_t> damaged_ = 0;
    std::jthread decoding_;  // last: the threads use everything above
    std::jthread capturing_;
};

}  // namespace stile::devices
