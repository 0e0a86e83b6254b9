// SPDX-License-Identifier: Apache-2.0
// A folder of pictures, played as a camera.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "devices/camera/frame_source.hpp"
#include "devices/camera/pace.hpp"

namespace stile::devices {

class PictureFolder final : public FrameSource {
public:
    // `rate` frames a second. Errors: those of picture_files().
    [[nodiscard]] static Result<std::unique_ptr<FrameSource>> open(
        const std::filesystem::path& folder, int rate);
    [[nodiscard]] Result<Frame> next(const std::stop_token& stop) override;

private:
    PictureFolder(std::vector<std::filesystem::path> files, int rate);
    std::vector<std::filesystem::path> files_;
    std::size_t position_ = 0;
    Pace pace_;
};

}  // namespace stile::devices
