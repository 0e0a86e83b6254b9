// SPDX-License-Identifier: Apache-2.0
// What the kernel knows of a USB device without anybody opening it (sysfs), and who has it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "devices/usb/usb_device.hpp"

namespace stile::devices {

// Fills in the texts and the interfaces of the device in `identity.port`, or its oddity.
void read_usb_files(UsbDevice& device);
// The same, of a device whose folder is known.
void read_usb_files(UsbDevice& device, const std::filesystem::path& folder);

// The driver that has the interface now: "usbhid", "pn533_usb"; "usbfs" is any program, by libusb.
// Empty: none.
[[nodiscard]] std::string driver_of(const UsbDevice& device, std::uint8_t interface);

// "/dev/bus/usb/001/004"
[[nodiscard]] std::string node_of(const UsbDevice& device);

// The programs that have the device open, as far as this user may know: "pcscd (process 812)".
// Looks through /proc, which takes milliseconds.
[[nodiscard]] std::vector<std::string> programs_with(const UsbDevice& device);

// Whether readers may open the device: the group stile-reader, or whoever asks where there is no
// such group.
[[nodiscard]] bool readers_may_open(const UsbDevice& device);

}  // namespace stile::devices
