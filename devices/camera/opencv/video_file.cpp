// SPDX-License-Identifier: Apache-2.0
// FFmpeg through OpenCV: raw packets for Motion JPEG, decoded pictures otherwise.
#include "devices/camera/opencv/video_file.hpp"

#include <chrono>
#include <cmath>
#include <utility>

#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <unistd.h>

#include "daemon/runtime/event_loop.hpp"
#include "devices/camera/opencv/foreign.hpp"
#include "devices/camera/opencv/picture.hpp"
#include "devices/camera/pace.hpp"

namespace stile::devices {
namespace {

enum class Packets { Jpeg, Decoded };

std::chrono::nanoseconds period_of(const cv::VideoCapture& video, int rate) {
    double per_second = video.get(cv::CAP_PROP_FPS);
    if (!std::isfinite(per_second) || per_second < 1 || per_second > 240) per_second = rate;
    return std::chrono::nanoseconds{std::llround(1e9 / per_second)};
}

class VideoFile final : public FrameSource {
public:
    // Shares the open video: VideoCapture is a handle.
    VideoFile(const cv::VideoCapture& video, Packets packets, std::chrono::nanoseconds period)
        : video_{video}, packets_{packets}, pace_{period} {}

    [[nodiscard]] Result<Frame> next(const std::stop_token& stop) override {
        if (!pace_.wait(stop)) return fail(Errc::Closed, "asked to stop");
        auto frame = guarded(Errc::Invalid, "video", [this] { return read(); });
        if (frame) frame->captured_ns = EventLoop::monotonic_ns();
        return frame;
    }

private:
    static Result<Frame> unpack(Bytes packet) {
        auto frame = decode_picture(packet);
        if (!frame) return fail(Errc::Invalid, std::move(frame.error().context));
        return frame;
    }

    Result<Frame> read() {
        cv::Mat picture;
        if (!video_.read(picture)) return fail(Errc::Closed, "the video is at its end");
        if (packets_ == Packets::Jpeg) return unpack({picture.data, picture.total()});
        Frame frame{picture.cols, picture.rows};
        cv::Mat grey{frame.height, frame.width, CV_8UC1, frame.luma.data()};
        if (picture.channels() == 1) {
            picture.copyTo(grey);
        } else {
            cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
        }
        return frame;
    }

    cv::VideoCapture video_;
    Packets packets_;
    Pace pace_;
};

Result<std::unique_ptr<FrameSource>> open(const std::filesystem::path& file, int rate) {
    cv::VideoCapture video;
    if (!video.open(file.native(), cv::CAP_FFMPEG))
        return fail(Errc::Unsupported, file.native() + ": not a video that can be played");
    if (video.get(cv::CAP_PROP_FRAME_WIDTH) * video.get(cv::CAP_PROP_FRAME_HEIGHT) >
        static_cast<double>(kMaxFramePixels)) {
        return fail(Errc::Unsupported, file.native() + ": its pictures are too large");
    }
    const auto period = period_of(video, rate);
    const bool jpeg = static_cast<int>(video.get(cv::CAP_PROP_FOURCC)) ==
                      cv::VideoWriter::fourcc('M', 'J', 'P', 'G');
    const bool raw = jpeg && video.set(cv::CAP_PROP_FORMAT, -1);
    return std::make_unique<VideoFile>(video, raw ? Packets::Jpeg : Packets::Decoded, period);
}

}  // namespace

Result<std::unique_ptr<FrameSource>> open_video_file(const std::filesystem::path& file, int rate) {
    if (::access(file.c_str(), F_OK) != 0)
        return fail(Errc::NotFound, file.native() + ": not there");
    if (::access(file.c_str(), R_OK) != 0)
        return fail(Errc::Denied, file.native() + ": no permission to read it");
    return guarded(Errc::Unsupported, file.native(), [&] { return open(file, rate); });
}

}  // namespace stile::devices
