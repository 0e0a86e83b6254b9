// SPDX-License-Identifier: Apache-2.0
// A camera of the kernel (Video4Linux).
#pragma once

#include <memory>
#include <string>

#include "devices/camera/frame_source.hpp"

namespace stile::devices {

struct CameraMode {
    int width = 1280;  // wishes: the driver takes the nearest that it can
    int height = 720;
    int rate = 30;
};

// Asks for Motion JPEG first (USB 2 is too slow for more than 10 plain 720p frames a second), then
// for formats whose brightness can be copied out. next() waits at most 2 s for a frame.
// Errors: NotFound, Denied, Io (busy, or not a camera), Unsupported (no format that can be used).
[[nodiscard]] Result<std::unique_ptr<FrameSource>> open_v4l2_camera(const std::string& node,
                                                                    const CameraMode& mode);

}  // namespace stile::devices
