// SPDX-License-Identifier: Apache-2.0
// Reads sysfs.
#include "devices/camera/camera_list.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>

#include "devices/camera/picture_files.hpp"

namespace stile::devices {

std::vector<Camera> list_cameras(const std::filesystem::path& sysfs) {
    std::vector<Camera> cameras;
    std::error_code error;
    for (std::filesystem::directory_iterator at{sysfs, error}, end; !error && at != end;
         at.increment(error)) {
        const std::string node = at->path().filename().native();
        if (!node.starts_with("video")) continue;  // v4l-subdev and others have no frames
        Camera camera{"/dev/" + node, {}};
        std::ifstream file{at->path() / "name"};
        std::getline(file, camera.name);
        cameras.push_back(std::move(camera));
    }
    std::ranges::sort(cameras, natural_less, &Camera::node);
    return cameras;
}

}  // namespace stile::devices
