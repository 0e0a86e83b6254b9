// SPDX-License-Identifier: Apache-2.0
// Chooses the kind of frame source by what its name stands for.
#pragma once

#include <memory>
#include <string>

#include "devices/camera/frame_source.hpp"
#include "devices/camera/opencv/v4l2_camera.hpp"

namespace stile::devices {

// An address is a stream, a folder is played as pictures, a character device or a name in /dev is a
// camera, everything else is a video file. The mode's rate is that of a folder, all of it that of a
// camera. Blocks. Errors: those of the four kinds.
[[nodiscard]] Result<std::unique_ptr<FrameSource>> open_source(const std::string& source,
                                                               const CameraMode& mode);

}  // namespace stile::devices
