// SPDX-License-Identifier: Apache-2.0
// Small video files and JPEG packets for tests.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "devices/camera/frame.hpp"

namespace stile::devices::testing {

// Frames of one size, at `rate` a second, in the codec of that name ("MJPG", "FFV1").
void write_film(const std::filesystem::path& file, std::string_view codec, int rate,
                const std::vector<Frame>& frames);

[[nodiscard]] Buffer jpeg_of(const Frame& frame);

}  // namespace stile::devices::testing
