// SPDX-License-Identifier: Apache-2.0
// What to do about a USB device that stile cannot have, in plain sentences.
#pragma once

#include <string>

#include "devices/usb/usb_device.hpp"

namespace stile::devices {

// As stile knows the model, or as it calls itself, or "a device without a name".
[[nodiscard]] std::string name_for(const UsbDevice& device);

// "ACS ACR122U (072f:2200) in port 1-2.3"
[[nodiscard]] std::string described(const UsbDevice& device);

// The line of a udev rules file that gives readers the device.
[[nodiscard]] std::string udev_rule(const UsbDevice& device);

[[nodiscard]] std::string denied_text(const UsbDevice& device);
// `holder` is the driver or program that has it, if that is known.
[[nodiscard]] std::string busy_text(const UsbDevice& device, const std::string& holder);

}  // namespace stile::devices
