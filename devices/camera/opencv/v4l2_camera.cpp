// SPDX-License-Identifier: Apache-2.0
// OpenCV's V4L2 backend with its own colour conversion switched off.
#include "devices/camera/opencv/v4l2_camera.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
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
    Way way = Way::Jpeg;
    PixelWish wish = PixelWish::Auto;  // nobody wishes for the last three
};
using Formats = std::array<Format, 6>;
constexpr Formats kFormats{Format{"MJPG", Way::Jpeg, PixelWish::Mjpg},
                           Format{"YUYV", Way::Yuyv, PixelWish::Yuyv},
                           Format{"GREY", Way::LumaFirst, PixelWish::Grey},
                           Format{"NV12", Way::LumaFirst},
                           Format{"YU12", Way::LumaFirst},
                           Format{"JPEG", Way::Jpeg}};

Formats in_order_of(PixelWish wish) {
    Formats formats = kFormats;
    const auto wished = std::ranges::find(formats, wish, &Format::wish);
    if (wish != PixelWish::Auto) std::rotate(formats.begin(), wished, wished + 1);
    return formats;
}

// V4L2's words for who chooses the exposure, and its unit. Most cameras know "aperture priority"
// (a fixed aperture) as their automatic, some only the full one.
constexpr int kExposureAutomatic = 0;
constexpr int kExposureManual = 1;
constexpr int kExposureAperturePriority = 3;
constexpr std::chrono::microseconds kExposureUnit{100};

int number(std::string_view fourcc) {
    return cv::VideoWriter::fourcc(fourcc[0], fourcc[1], fourcc[2], fourcc[3]);
}

class V4l2Camera final : public FrameSource {
public:
    // Shares the open device: VideoCapture is a handle.
    V4l2Camera(const cv::VideoCapture& device, std::string node, const Format& format)
        : device_{device},
          node_{std::move(node)},
          format_{format},
          width_{static_cast<int>(device_.get(cv::CAP_PROP_FRAME_WIDTH))},
          height_{static_cast<int>(device_.get(cv::CAP_PROP_FRAME_HEIGHT))} {}

    [[nodiscard]] Result<Frame> next(const std::stop_token& stop) override {
        if (stop.stop_requested()) return fail(Errc::Closed, "asked to stop");
        return guarded(Errc::Io, node_, [this] { return read(); });
    }

    [[nodiscard]] GivenMode given() const override {
        const double rate = device_.get(cv::CAP_PROP_FPS);
        return {.format = std::string{format_.fourcc},
                .width = width_,
                .height = height_,
                .rate = std::isfinite(rate) ? std::max(rate, 0.0) : 0.0,
                .exposure = exposure()};
    }

private:
    [[nodiscard]] std::optional<std::chrono::microseconds> exposure() const {
        const double chooser = device_.get(cv::CAP_PROP_AUTO_EXPOSURE);
        const double steps = device_.get(cv::CAP_PROP_EXPOSURE);
        if (chooser < 0 || steps < 0) return std::nullopt;  // the camera has no such control
        if (std::lround(chooser) != kExposureManual) return std::chrono::microseconds{0};
        return kExposureUnit * std::lround(steps);
    }

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
        switch (format_.way) {
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
    Format format_;
    int width_;
    int height_;
};

// A camera keeps what another program told it, so automatic is asked for as well.
void set_exposure(cv::VideoCapture& device, std::chrono::microseconds exposure) {
    if (exposure.count() == 0) {
        if (!device.set(cv::CAP_PROP_AUTO_EXPOSURE, kExposureAperturePriority))
            (void)device.set(cv::CAP_PROP_AUTO_EXPOSURE, kExposureAutomatic);
        return;
    }
    (void)device.set(cv::CAP_PROP_AUTO_EXPOSURE, kExposureManual);
    (void)device.set(cv::CAP_PROP_EXPOSURE, static_cast<double>(exposure / kExposureUnit));
}

// Wishes: a driver that refuses keeps its own values, which given() asks for afterwards.
void set_wishes(cv::VideoCapture& device, const CameraMode& mode) {
    (void)device.set(cv::CAP_PROP_FRAME_WIDTH, mode.width);
    (void)device.set(cv::CAP_PROP_FRAME_HEIGHT, mode.height);
    (void)device.set(cv::CAP_PROP_FPS, mode.rate);
    set_exposure(device, mode.exposure);
}

Result<std::unique_ptr<FrameSource>> open(const std::string& node, const CameraMode& mode) {
    cv::VideoCapture device;
    if (!device.open(node, cv::CAP_V4L2))
        return fail(Errc::Io, node + ": not a camera, or another program uses it");
    for (const Format& format : in_order_of(mode.format)) {
        // A driver that does not know the format takes another and says that all is well.
        (void)device.set(cv::CAP_PROP_FOURCC, number(format.fourcc));
        if (static_cast<int>(device.get(cv::CAP_PROP_FOURCC)) != number(format.fourcc)) continue;
        set_wishes(device, mode);
        if (!device.set(cv::CAP_PROP_CONVERT_RGB, 0)) continue;
        return std::make_unique<V4l2Camera>(device, node, format);
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
