// SPDX-License-Identifier: Apache-2.0
// What /sys and udev say of a USB device, in the text that libumockdev reads.
#pragma once

#include <string>

#include "tests/emulator/model/usb_device.hpp"

namespace stile::emulator {

[[nodiscard]] std::string node_of(unsigned number);  // "/dev/bus/usb/001/002"
[[nodiscard]] std::string path_of(const std::string& port);
[[nodiscard]] bool is_keyboard(const UsbDevice& device);
// The device and its first interface.
[[nodiscard]] std::string udev_text(const UsbDevice& device, const std::string& port,
                                    unsigned number);
// Number 1 of bus 1: without a hub there is no USB.
[[nodiscard]] std::string root_hub_text();

}  // namespace stile::emulator
