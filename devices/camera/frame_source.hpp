// SPDX-License-Identifier: Apache-2.0
// The port through which frames come in: a camera, a video file, a folder of pictures, a fake.
#pragma once

#include <stop_token>

#include "crypto/base/result.hpp"
#include "devices/camera/camera_mode.hpp"
#include "devices/camera/frame.hpp"

namespace stile::devices {

// Thread-bound: the capture thread makes, uses and destroys it.
class FrameSource {
public:
    FrameSource() = default;
    FrameSource(const FrameSource&) = delete;
    FrameSource& operator=(const FrameSource&) = delete;
    virtual ~FrameSource() = default;

    // The next frame. Blocks until there is one; a request to stop ends the wait within 2 s
    // (Closed). Errors: Timeout (no frame in time; call again, and open it anew after a few),
    // Invalid (nothing of this one frame can be used; call again), Closed (a file or folder is at
    // its end), Io (the device is gone: open it again).
    [[nodiscard]] virtual Result<Frame> next(const std::stop_token& stop) = 0;

    // What the device agreed to; empty for a source of which nothing was asked.
    [[nodiscard]] virtual GivenMode given() const { return {}; }
};

}  // namespace stile::devices
