// SPDX-License-Identifier: Apache-2.0
// OpenCV's video writer.
#include "tests/devices/film.hpp"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

namespace stile::devices::testing {
namespace {

// A view: OpenCV's interface has no const.
cv::Mat matrix(const Frame& frame) {
    return {frame.height, frame.width, CV_8UC1, const_cast<std::uint8_t*>(frame.luma.data())};
}

}  // namespace

void write_film(const std::filesystem::path& file, std::string_view codec, int rate,
                const std::vector<Frame>& frames) {
    cv::VideoWriter writer{file.native(),
                           cv::CAP_FFMPEG,
                           cv::VideoWriter::fourcc(codec[0], codec[1], codec[2], codec[3]),
                           static_cast<double>(rate),
                           {frames[0].width, frames[0].height}};
    for (const Frame& frame : frames) {
        cv::Mat colour;
        cv::cvtColor(matrix(frame), colour, cv::COLOR_GRAY2BGR);
        writer.write(colour);
    }
}

Buffer jpeg_of(const Frame& frame) {
    Buffer out;
    cv::imencode(".jpg", matrix(frame), out);
    return out;
}

}  // namespace stile::devices::testing
