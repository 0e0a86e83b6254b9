// SPDX-License-Identifier: Apache-2.0
// One picture of a camera, as brightness only: all that a code reader needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace stile::devices {

// Larger pictures are refused before they are decoded: no gate camera makes them, bombs do.
inline constexpr std::int64_t kMaxFramePixels = 24'000'000;

struct Frame {
    std::vector<std::uint8_t> luma;  // stride * height bytes
    int width = 0;                   // pixels
    int height = 0;
    int stride = 0;                // bytes from one row to the next
    bool damaged = false;          // a part of it is lost, the rest may serve
    std::int64_t captured_ns = 0;  // EventLoop::monotonic_ns() when the picture came in

    Frame() = default;
    // A black frame without padding.
    Frame(int frame_width, int frame_height)
        : luma(static_cast<std::size_t>(frame_width) * static_cast<std::size_t>(frame_height)),
          width{frame_width},
          height{frame_height},
          stride{frame_width} {}
};

}  // namespace stile::devices
