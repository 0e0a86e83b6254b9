// SPDX-License-Identifier: Apache-2.0
// OpenCV takes some settings from the environment only.
#include "devices/camera/opencv/set_up.hpp"

#include <cstdlib>

#include <opencv2/core/utility.hpp>
#include <opencv2/core/utils/logger.hpp>

namespace stile::devices {

void set_up_opencv() {
    ::setenv("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2", 1);  // NOLINT(concurrency-mt-unsafe)
    // FFmpeg would print addresses with their passwords.
    ::setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 1);  // NOLINT(concurrency-mt-unsafe)
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::setNumThreads(1);  // frames are small, and the capture thread is one core's work
}

}  // namespace stile::devices
