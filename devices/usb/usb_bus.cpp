// SPDX-License-Identifier: Apache-2.0
// libusb's device list, read once.
#include "devices/usb/usb_bus.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <span>

#include <fmt/format.h>
#include <libusb.h>

namespace stile::devices {
namespace {

struct ExitContext {
    void operator()(libusb_context* context) const { libusb_exit(context); }
};
struct FreeList {
    void operator()(libusb_device** list) const { libusb_free_device_list(list, 1); }
};
struct FreeConfiguration {
    void operator()(libusb_config_descriptor* c) const { libusb_free_config_descriptor(c); }
};

std::string port_of(libusb_device* device) {
    constexpr int kDeepest = 7;  // USB allows no longer chain of hubs
    std::array<std::uint8_t, kDeepest> ports{};
    const int depth = libusb_get_port_numbers(device, ports.data(), kDeepest);
    const auto way = std::span{ports}.first(static_cast<std::size_t>(std::max(depth, 0)));
    return fmt::format("{}-{}", libusb_get_bus_number(device), fmt::join(way, "."));
}

void note_interfaces(libusb_device* device, UsbDevice& out) {
    libusb_config_descriptor* raw = nullptr;
    if (libusb_get_active_config_descriptor(device, &raw) != 0) return;  // not configured yet
    const std::unique_ptr<libusb_config_descriptor, FreeConfiguration> configuration{raw};
    for (const libusb_interface& interface :
         std::span{configuration->interface, configuration->bNumInterfaces}) {
        for (const libusb_interface_descriptor& setting :
             std::span{interface.altsetting, static_cast<std::size_t>(interface.num_altsetting)}) {
            if (setting.bInterfaceClass == LIBUSB_CLASS_SMART_CARD) out.card_reader = true;
            if (setting.bInterfaceClass == LIBUSB_CLASS_HID) out.keyboard_like = true;
        }
    }
}

}  // namespace

Result<std::vector<UsbDevice>> list_usb_devices() {
    libusb_context* raw_context = nullptr;
    if (const int error = libusb_init(&raw_context); error != 0)
        return fail(Errc::Unsupported, fmt::format("no USB here: {}", libusb_strerror(error)));
    const std::unique_ptr<libusb_context, ExitContext> context{raw_context};
    libusb_device** raw_list = nullptr;
    const ssize_t count = libusb_get_device_list(context.get(), &raw_list);
    if (count < 0) {
        return fail(Errc::Unsupported,
                    fmt::format("no USB here: {}", libusb_strerror(static_cast<int>(count))));
    }
    const std::unique_ptr<libusb_device*, FreeList> list{raw_list};
    std::vector<UsbDevice> devices;
    for (libusb_device* device : std::span{list.get(), static_cast<std::size_t>(count)}) {
        libusb_device_descriptor descriptor{};
        if (libusb_get_device_descriptor(device, &descriptor) != 0) continue;
        if (libusb_get_port_number(device) == 0) continue;  // a root hub
        UsbDevice found{descriptor.idVendor, descriptor.idProduct, port_of(device)};
        note_interfaces(device, found);
        devices.push_back(std::move(found));
    }
    std::ranges::sort(devices, {}, &UsbDevice::port);
    return devices;
}

}  // namespace stile::devices
