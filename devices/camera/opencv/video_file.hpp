// SPDX-License-Identifier: Apache-2.0
// A video file, played as a camera.
#pragma once

#include <filesystem>
#include <memory>

#include "devices/camera/frame_source.hpp"

namespace stile::devices {

// Plays `file` at its own rate, or at `rate` frames a second when it names none. Motion JPEG is
// decoded straight to brightness; other codecs go through colour. Blocks while it opens.
// Errors: NotFound, Denied, Unsupported (not a video that FFmpeg reads, or too many pixels).
[[nodiscard]] Result<std::unique_ptr<FrameSource>> open_video_file(
    const std::filesystem::path& file, int rate);

}  // namespace stile::devices
