// SPDX-License-Identifier: Apache-2.0
// stile-vm-camera DEVICE: what a camera of the virtual machine sees. Writes ten pictures a second
// into a v4l2loopback device: a wall, or from the line "show PICTURE" on standard input on that
// one, until "nothing".
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include <fcntl.h>
#include <linux/videodev2.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "daemon/runtime/unique_fd.hpp"

namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 480;
constexpr int kSide = 400;  // of what is shown
constexpr int kPeriodMs = 100;
constexpr int kWall = 150;

using Frame = std::vector<unsigned char>;  // YUYV

Frame frame_of(const cv::Mat& grey) {
    Frame frame(std::size_t{2} * kWidth * kHeight, 128);
    for (std::size_t at = 0; at < grey.total(); ++at)
        frame[2 * at] = grey.data[at];
    return frame;
}

// Bricks: a camera that sees one shade only is covered.
cv::Mat bricks() {
    cv::Mat wall(kHeight, kWidth, CV_8UC1, cv::Scalar{kWall});
    for (int y = 0; y < kHeight; y += 40)
        for (int x = y / 40 % 2 * 40; x < kWidth; x += 80)
            wall(cv::Rect{x, y, 40, 40}) = cv::Scalar{kWall - 30};
    return wall;
}

// No two pictures of a camera are the same: one that sends such is frozen.
void add_noise(Frame& frame, unsigned number) {
    for (std::size_t at = 2 * std::size_t{number % 16}; at < frame.size(); at += 32)
        frame[at] ^= 2;
}

// The picture in the middle of the wall, in whole pixels.
Frame frame_with(const std::string& file) {
    cv::Mat picture = cv::imread(file, cv::IMREAD_GRAYSCALE);
    if (picture.empty()) {
        std::printf("no picture %s\n", file.c_str());
        return frame_of(bricks());
    }
    const int side = std::max(picture.cols, picture.rows);
    const double by = side > kSide ? double{kSide} / side : std::max(1, kSide / side);
    cv::resize(picture, picture, {}, by, by, by < 1 ? cv::INTER_AREA : cv::INTER_NEAREST);
    cv::Mat all = bricks();
    picture.copyTo(all(
        {(kWidth - picture.cols) / 2, (kHeight - picture.rows) / 2, picture.cols, picture.rows}));
    std::printf("shows %s\n", file.c_str());
    return frame_of(all);
}

bool set_form(int device) {
    v4l2_format form{};
    form.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
    form.fmt.pix.width = kWidth;
    form.fmt.pix.height = kHeight;
    form.fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV;
    form.fmt.pix.field = V4L2_FIELD_NONE;
    form.fmt.pix.bytesperline = 2 * kWidth;
    form.fmt.pix.sizeimage = 2 * kWidth * kHeight;
    form.fmt.pix.colorspace = V4L2_COLORSPACE_SRGB;
    return ::ioctl(device, VIDIOC_S_FMT, &form) == 0;
}

// The lines that have come; false at the end of the input.
bool take_lines(std::string& pending, Frame& frame) {
    std::array<char, 512> some{};
    const ssize_t size = ::read(STDIN_FILENO, some.data(), some.size());
    if (size <= 0) return false;
    pending.append(some.data(), static_cast<std::size_t>(size));
    for (std::size_t end = 0; (end = pending.find('\n')) != std::string::npos;) {
        const std::string line = pending.substr(0, end);
        pending.erase(0, end + 1);
        if (line.starts_with("show ")) frame = frame_with(line.substr(5));
        if (line == "nothing") frame = frame_of(bricks());
    }
    std::fflush(stdout);
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const stile::UniqueFd device{::open(argv[1], O_RDWR | O_CLOEXEC)};
    if (!device || !set_form(device.get())) {
        std::printf("%s: %s\n", argv[1], std::strerror(errno));
        return 1;
    }
    Frame frame = frame_of(bricks());
    std::string pending;
    for (unsigned number = 0;; ++number) {
        add_noise(frame, number);
        if (::write(device.get(), frame.data(), frame.size()) < 0) return 1;
        pollfd input{STDIN_FILENO, POLLIN, 0};
        if (::poll(&input, 1, kPeriodMs) > 0 && !take_lines(pending, frame)) return 0;
    }
}
