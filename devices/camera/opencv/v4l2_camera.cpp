// SPDX-License-Identifier: Apache-2.0
// OpenCV's V4L2 backend with its own colour conversion switched off.
#include "devices/camera/opencv/v4l2_camera.hpp"

#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <opencv2/videoio.hpp>
#include <unistd.h>

#include "daemon/runtime/event_loop.hpp"
#include "devices/camera/luma.hpp"
#include "devices/camera/opencv/foreign.hpp"
#include "devices/camera/opencv/picture.hpp"

namespace stile::devices {
namespace {

// How the buffers of a format become a frame.
enum class Way { Jpeg, Yuyv, LumaFirst };

struct Format {
    std::string_view fourcc;
    Way way;
};
constexpr std::array kFormats{Format{"MJPG", Way::Jpeg},      Format{"YUYV", Way::Yuyv},
                              Format{"GREY", Way::LumaFirst}, Format{"NV12", Way::LumaFirst},
                              Format{"YU12", Way::LumaFirst}, Format{"JPEG", Way::Jpeg}};

int number(std::string_view fourcc) {
    return cv::VideoWriter::fourcc(fourcc[0], fourcc[1], fourcc[2], fourcc[3]);
}

class V4l2Camera final : public FrameSource {
public:
    // Shares the open device: VideoCapture is a handle.
    V4l2Camera(const cv::VideoCapture& device, std::string node, Way way)
        : device_{device},
          node_{std::move(node)},
          way_{way},
          width_{static_cast<int>(device_.get(cv::CAP_PROP_FRAME_WIDTH))},
          height_{static_cast<int>(device_.get(cv::CAP_PROP_FRAME_HEIGHT))} {}

    [[nodiscard]] Result<Frame> next(const std::stop_token& stop) override {
        if (stop.stop_requested()) return fail(Errc::Closed, "asked to stop");
        return guarded(Errc::Io, node_, [this] { return read(); });
    }

private:
    Result<Frame> read() {
        const auto begin = std::chrono::steady_clock::now();
        if (!device_.grab()) return no_frame(std::chrono::steady_clock::now() - begin);
        const std::int64_t captured_ns = EventLoop::monotonic_ns();
        cv::Mat raw;
        if (!device_.retrieve(raw)) return fail(Errc::Invalid, node_ + ": an empty frame");
        auto frame = to_luma({raw.data, raw.total() * raw.elemSize()});
        if (!frame) return fail(Errc::Invalid, std::move(frame.error().context));
        frame->captured_ns = captured_ns;
        return frame;
    }

    // OpenCV says neither why. A device that is gone fails at once; one that is stuck takes its 2
    // s.
    [[nodiscard]] Result<Frame> no_frame(std::chrono::steady_clock::duration waited) const {
        if (waited > std::chrono::milliseconds{1500})
            return fail(Errc::Timeout, node_ + ": no frame for 2 s");
        return fail(Errc::Io, node_ + ": the camera is gone");
    }

    [[nodiscard]] Result<Frame> to_luma(Bytes raw) const {
        switch (way_) {
            case Way::Jpeg:
                return decode_picture(raw);
            case Way::Yuyv:
                return luma_from(PixelFormat::Yuyv, raw, width_, height_);
            case Way::LumaFirst:
                return luma_from(PixelFormat::LumaFirst, raw, width_, height_);
        }
        return fail(Errc::Unsupported, "no such format");
    }

    cv::VideoCapture device_;
    std::string node_;
    Way way_;
    int width_;
    int height_;
};

Result<std::unique_ptr<FrameSource>> open(const std::string& node, const CameraMode& mode) {
    cv::VideoCapture device;
    if (!device.open(node, cv::CAP_V4L2))
        return fail(Errc::Io, node + ": not a camera, or another program uses it");
    for (const Format& format : kFormats) {
        // A driver that does not know the format takes another and says that all is well.
        (void)device.set(cv::CAP_PROP_FOURCC, number(format.fourcc));
        if (static_cast<int>(device.get(cv::CAP_PROP_FOURCC)) != number(format.fourcc)) continue;
        // Wishes: a driver that refuses keeps its own values, which the camera asks for afterwards.
        (void)device.set(cv::CAP_PROP_FRAME_WIDTH, mode.width);
        (void)device.set(cv::CAP_PROP_FRAME_HEIGHT, mode.height);
        (void)device.set(cv::CAP_PROP_FPS, mode.rate);
        if (!device.set(cv::CAP_PROP_CONVERT_RGB, 0)) continue;
        return std::make_unique<V4l2Camera>(device, node, format.way);
    }
    return fail(Errc::Unsupported, node + ": offers none of MJPG, YUYV, GREY, NV12, YU12, JPEG");
}

}  // namespace

Result<std::unique_ptr<FrameSource>> open_v4l2_camera(const std::string& node,
                                                      const CameraMode& mode) {
    if (::access(node.c_str(), F_OK) != 0)
        return fail(Errc::NotFound, node + ": no such camera (unplugged?)");
    if (::access(node.c_str(), R_OK | W_OK) != 0)
        return fail(Errc::Denied, node + ": no permission (is the user in group video?)");
    return guarded(Errc::Io, node, [&] { return open(node, mode); });
}

}  // namespace stile::devices
