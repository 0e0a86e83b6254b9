// SPDX-License-Identifier: Apache-2.0
// Which cameras the kernel knows.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace stile::devices {

struct Camera {
    std::string node;  // "/dev/video0"
    std::string name;  // as the driver calls it
    friend bool operator==(const Camera&, const Camera&) = default;
};

// In order of their numbers. Empty where there is none. Does not open a device.
[[nodiscard]] std::vector<Camera> list_cameras(
    const std::filesystem::path& sysfs = "/sys/class/video4linux");

}  // namespace stile::devices
