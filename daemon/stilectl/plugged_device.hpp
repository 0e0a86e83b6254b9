// SPDX-License-Identifier: Apache-2.0
// Which readers of the site file may use a device that has just been plugged in.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/config/site.hpp"
#include "devices/usb/usb_device.hpp"

namespace stile {

// As udev knows it, before its links in /dev are there.
struct PluggedDevice {
    std::string node;                       // "/dev/video0"; empty: it has none
    std::vector<std::string> links;         // "/dev/v4l/by-id/usb-..."
    std::optional<devices::UsbDevice> usb;  // of a whole device on USB
};

// The device of a folder in /sys, whose links are named with or without "/dev/". Errors: NotFound
// (no such folder).
[[nodiscard]] Result<PluggedDevice> plugged_device(const std::filesystem::path& sysfs,
                                                   std::span<const std::string> links);

[[nodiscard]] bool may_use(const config::Reader& reader, const PluggedDevice& device);

}  // namespace stile
