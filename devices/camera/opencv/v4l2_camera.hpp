// SPDX-License-Identifier: Apache-2.0
// A camera of the kernel (Video4Linux).
#pragma once

#include <memory>
#include <string>

#include "devices/camera/frame_source.hpp"

namespace stile::devices {

// Asks for the wished format first, then for Motion JPEG, then for the others whose brightness can
// be copied out. next() waits at most 2 s for a frame; given() says what the driver made of it all.
// Errors: NotFound, Denied, Io (busy, or not a camera), Unsupported (no format that can be used).
[[nodiscard]] Result<std::unique_ptr<FrameSource>> open_v4l2_camera(const std::string& node,
                                                                    const CameraMode& mode);

}  // namespace stile::devices
