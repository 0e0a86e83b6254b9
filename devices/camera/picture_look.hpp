// SPDX-License-Identifier: Apache-2.0
// How a picture looks, from a grid of samples: its shades, and what changed since the one before.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "devices/camera/frame.hpp"

namespace stile::devices {

// Shades go from 0 (black) to 255 (white).
struct PictureLook {
    int mean = 0;
    int darkest = 0;           // a twentieth of the picture is darker
    int brightest = 0;         // a twentieth is brighter
    int percent_white = 0;     // of the picture, at kWhite or more
    std::optional<int> noise;  // change since the picture before, in hundredths of a shade, of the
                               // calmer half; nothing for the first picture of a size
    bool changed = true;       // at least one sample did
};

// White where cameras keep to the range of television, and what is burnt out elsewhere.
inline constexpr int kWhite = 235;

// Looks at 64 x 36 points of each frame, which costs some microseconds. Not thread-safe.
class PictureGauge {
public:
    static constexpr int kColumns = 64;
    static constexpr int kRows = 36;

    [[nodiscard]] PictureLook look(const Frame& frame);

private:
    std::vector<std::uint8_t> before_;
    std::vector<std::uint8_t> now_;
    int width_ = 0;
    int height_ = 0;
};

}  // namespace stile::devices
