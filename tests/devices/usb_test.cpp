// SPDX-License-Identifier: Apache-2.0
// What is plugged in, as the reader lists it.
#include <gtest/gtest.h>

#include "devices/usb/usb_bus.hpp"

namespace stile::devices {
namespace {

// Whatever this machine has: devices, none, or no USB at all.
TEST(UsbBus, ListsDevicesOrSaysThatThereIsNoUsb) {
    const auto devices = list_usb_devices();
    if (!devices) {
        EXPECT_EQ(devices.error().code, Errc::Unsupported);
        EXPECT_FALSE(devices.error().context.empty());
        return;
    }
    for (const UsbDevice& device : *devices)
        EXPECT_NE(device.identity.port.find('-'), std::string::npos);
}

}  // namespace
}  // namespace stile::devices
