// SPDX-License-Identifier: Apache-2.0
// Stream, folder, camera or video file.
#include "devices/camera/opencv/open_source.hpp"

#include <filesystem>
#include <system_error>

#include "devices/camera/opencv/picture_folder.hpp"
#include "devices/camera/opencv/video.hpp"
#include "devices/camera/source_name.hpp"

namespace stile::devices {

Result<std::unique_ptr<FrameSource>> open_source(const std::string& source,
                                                 const CameraMode& mode) {
    if (is_address(source)) return open_stream(source);
    std::error_code error;
    const auto status = std::filesystem::status(source, error);
    if (std::filesystem::is_directory(status)) return PictureFolder::open(source, mode.rate);
    if (std::filesystem::is_character_file(status) || source.starts_with("/dev/"))
        return open_v4l2_camera(source, mode);
    return open_video_file(source, mode.rate);
}

}  // namespace stile::devices
