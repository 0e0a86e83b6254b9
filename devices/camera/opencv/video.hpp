// SPDX-License-Identifier: Apache-2.0
// Video files, played as cameras, and the streams of network cameras.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "devices/camera/frame_source.hpp"

namespace stile::devices {

// How long a network camera may take to be opened (several round trips, and the first whole
// picture), and for each picture after that. Looking its name up comes on top, since nothing can
// end it: name a camera by its number where that matters.
inline constexpr std::chrono::milliseconds kStreamOpenTimeout{5000};
inline constexpr std::chrono::milliseconds kStreamReadTimeout{2000};

// Plays `file` at its own rate, or at `rate` frames a second when it names none. Motion JPEG is
// decoded straight to brightness; other codecs go through colour. Blocks while it opens.
// Errors: NotFound, Denied, Unsupported (not a video that FFmpeg reads, or too many pixels).
[[nodiscard]] Result<std::unique_ptr<FrameSource>> open_video_file(
    const std::filesystem::path& file, int rate);

// Receives the stream at `url`, at the pace at which it comes: http and https (Motion JPEG), rtsp
// and rtsps (over TCP), rtp, udp. Encrypted or not, nothing proves who the camera is: FFmpeg checks
// no certificates here. After a Timeout every further next() is one, at once: open it again.
// Errors name the stream without its user, password and query. Unsupported (another scheme, or too
// many pixels), Timeout, Io (no connection, or no video there).
[[nodiscard]] Result<std::unique_ptr<FrameSource>> open_stream(const std::string& url);

}  // namespace stile::devices
