// SPDX-License-Identifier: Apache-2.0
// FFmpeg through OpenCV: raw packets for Motion JPEG, decoded pictures otherwise.
#include "devices/camera/opencv/video.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <unistd.h>

#include "daemon/runtime/event_loop.hpp"
#include "devices/camera/opencv/foreign.hpp"
#include "devices/camera/opencv/picture.hpp"
#include "devices/camera/pace.hpp"
#include "devices/camera/source_name.hpp"

namespace stile::devices {
namespace {

using Clock = std::chrono::steady_clock;

enum class Packets { Jpeg, Decoded };

// What FFmpeg opened, and how its pictures become frames. VideoCapture is a handle.
class Video {
public:
    explicit Video(const cv::VideoCapture& capture) : capture_{capture}, packets_{ask()} {}

    [[nodiscard]] bool too_large() const {
        return capture_.get(cv::CAP_PROP_FRAME_WIDTH) * capture_.get(cv::CAP_PROP_FRAME_HEIGHT) >
               static_cast<double>(kMaxFramePixels);
    }
    [[nodiscard]] double rate() const { return capture_.get(cv::CAP_PROP_FPS); }

    // Errors: Closed (there is no picture any more, or not in time), Invalid (it is damaged).
    Result<Frame> next() {
        auto frame = guarded(Errc::Invalid, "video", [this] { return read(); });
        if (frame) frame->captured_ns = EventLoop::monotonic_ns();
        return frame;
    }

private:
    Packets ask() {
        const bool jpeg = static_cast<int>(capture_.get(cv::CAP_PROP_FOURCC)) ==
                          cv::VideoWriter::fourcc('M', 'J', 'P', 'G');
        return jpeg && capture_.set(cv::CAP_PROP_FORMAT, -1) ? Packets::Jpeg : Packets::Decoded;
    }

    static Result<Frame> unpack(Bytes packet) {
        auto frame = decode_picture(packet);
        if (!frame) return fail(Errc::Invalid, std::move(frame.error().context));
        return frame;
    }

    Result<Frame> read() {
        cv::Mat picture;
        if (!capture_.read(picture)) return fail(Errc::Closed, "the video is at its end");
        if (packets_ == Packets::Jpeg) return unpack({picture.data, picture.total()});
        if (std::int64_t{picture.cols} * picture.rows > kMaxFramePixels)
            return fail(Errc::Invalid, "a picture with too many pixels");
        Frame frame{picture.cols, picture.rows};
        cv::Mat grey{frame.height, frame.width, CV_8UC1, frame.luma.data()};
        if (picture.channels() == 1) {
            picture.copyTo(grey);
        } else {
            cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
        }
        return frame;
    }

    cv::VideoCapture capture_;
    Packets packets_;
};

std::chrono::nanoseconds period_of(const Video& video, int rate) {
    double per_second = video.rate();
    if (!std::isfinite(per_second) || per_second < 1 || per_second > 240) per_second = rate;
    return std::chrono::nanoseconds{std::llround(1e9 / per_second)};
}

class VideoFile final : public FrameSource {
public:
    VideoFile(Video video, int rate) : video_{std::move(video)}, pace_{period_of(video_, rate)} {}

    [[nodiscard]] Result<Frame> next(const std::stop_token& stop) override {
        if (!pace_.wait(stop)) return fail(Errc::Closed, "asked to stop");
        return video_.next();
    }

private:
    Video video_;
    Pace pace_;
};

class NetworkStream final : public FrameSource {
public:
    NetworkStream(Video video, std::string name)
        : video_{std::move(video)}, name_{std::move(name)} {}

    [[nodiscard]] Result<Frame> next(const std::stop_token& stop) override {
        if (stop.stop_requested()) return fail(Errc::Closed, "asked to stop");
        const auto begin = Clock::now();
        auto frame = video_.next();
        if (frame || frame.error().code != Errc::Closed) return frame;
        // OpenCV does not say why. FFmpeg takes all of its time, or notices the end at once.
        silent_ = silent_ || Clock::now() - begin > kStreamReadTimeout * 3 / 4;
        if (silent_) return fail(Errc::Timeout, name_ + ": no picture for 2 s");
        return fail(Errc::Io, name_ + ": the stream broke off");
    }

private:
    Video video_;
    std::string name_;
    bool silent_ = false;
};

Result<std::unique_ptr<FrameSource>> open_file(const std::filesystem::path& file, int rate) {
    const cv::VideoCapture capture{file.native(), cv::CAP_FFMPEG};
    if (!capture.isOpened())
        return fail(Errc::Unsupported, file.native() + ": not a video that can be played");
    Video video{capture};
    if (video.too_large())
        return fail(Errc::Unsupported, file.native() + ": its pictures are too large");
    return std::make_unique<VideoFile>(std::move(video), rate);
}

Result<std::unique_ptr<FrameSource>> open_url(const std::string& url, const std::string& name) {
    const auto begin = Clock::now();
    const cv::VideoCapture capture{
        url, cv::CAP_FFMPEG,
        std::vector<int>{cv::CAP_PROP_OPEN_TIMEOUT_MSEC, int{kStreamOpenTimeout.count()},
                         cv::CAP_PROP_READ_TIMEOUT_MSEC, int{kStreamReadTimeout.count()}}};
    if (!capture.isOpened()) {
        if (Clock::now() - begin > kStreamOpenTimeout * 3 / 4)
            return fail(Errc::Timeout, name + ": the camera does not answer with a picture");
        return fail(Errc::Io, name + ": no connection, or no video there");
    }
    Video video{capture};
    if (video.too_large()) return fail(Errc::Unsupported, name + ": its pictures are too large");
    return std::make_unique<NetworkStream>(std::move(video), name);
}

// Others make FFmpeg read files, or streams out of streams.
constexpr std::array<std::string_view, 6> kSchemes{"http", "https", "rtsp", "rtsps", "rtp", "udp"};

}  // namespace

Result<std::unique_ptr<FrameSource>> open_video_file(const std::filesystem::path& file, int rate) {
    if (::access(file.c_str(), F_OK) != 0)
        return fail(Errc::NotFound, file.native() + ": not there");
    if (::access(file.c_str(), R_OK) != 0)
        return fail(Errc::Denied, file.native() + ": no permission to read it");
    return guarded(Errc::Unsupported, file.native(), [&] { return open_file(file, rate); });
}

Result<std::unique_ptr<FrameSource>> open_stream(const std::string& url) {
    const std::string name = without_secrets(url);
    if (std::ranges::find(kSchemes, scheme_of(url)) == kSchemes.end()) {
        return fail(Errc::Unsupported, name + ": a stream is http, https, rtsp, rtsps, rtp or udp");
    }
    return guarded(Errc::Io, name, [&] { return open_url(url, name); });
}

}  // namespace stile::devices
