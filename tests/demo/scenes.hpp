// SPDX-License-Identifier: Apache-2.0
// The script of a demo video: which ticket is shown, for how long, and the pause after it.
#pragma once

#include <filesystem>
#include <vector>

#include "crypto/base/result.hpp"

namespace stile::demo {

struct Scene {
    std::filesystem::path picture;  // of a QR code, dark on light
    double seconds = 0;
    double empty_seconds = 0;
};

// One scene a line: "PICTURE SECONDS EMPTY_SECONDS". Empty lines and lines that begin with # are
// left out; a relative path is relative to the list. Errors: NotFound, Invalid (with the line).
[[nodiscard]] Result<std::vector<Scene>> read_scenes(const std::filesystem::path& list);

}  // namespace stile::demo
