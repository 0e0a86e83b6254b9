// SPDX-License-Identifier: Apache-2.0
// Cameras from sysfs, the rest from libusb.
#include "devices/reader/device_list.hpp"

#include <fmt/format.h>

#include "daemon/runtime/exit_code.hpp"
#include "devices/camera/camera_list.hpp"
#include "devices/reader/usb_doctor.hpp"
#include "devices/usb/usb_advice.hpp"
#include "devices/usb/usb_bus.hpp"

namespace stile::devices {
namespace {

void print_usb(std::ostream& out) {
    const auto devices = list_usb_devices();
    if (!devices) {
        out << devices.error().context << '\n';
        return;
    }
    if (devices->empty()) out << "No USB device is plugged in, or none is visible here.\n";
    for (const UsbDevice& device : *devices) {
        const UsbIdentity& is = device.identity;
        out << fmt::format("usb     {:<12} {}  {}  {}\n", is.port,
                           model_text(is.vendor, is.product), kind_of(device), name_for(device));
    }
}

}  // namespace

int print_devices(std::ostream& out) {
    const auto cameras = list_cameras();
    if (cameras.empty()) out << "No camera is plugged in: there is no /dev/video device.\n";
    for (const Camera& camera : cameras)
        out << fmt::format("camera  {:<12} {}\n", camera.node, camera.name);
    print_usb(out);
    return kExitDone;
}

}  // namespace stile::devices
