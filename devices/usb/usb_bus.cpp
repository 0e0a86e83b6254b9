// SPDX-License-Identifier: Apache-2.0
// libusb's device list, and opening one of them.
#include "devices/usb/usb_bus.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <libusb.h>

#include "devices/usb/usb_advice.hpp"
#include "devices/usb/usb_claim.hpp"
#include "devices/usb/usb_context.hpp"
#include "devices/usb/usb_files.hpp"

namespace stile::devices {
namespace {

struct ExitContext {
    void operator()(libusb_context* context) const { libusb_exit(context); }
};
struct FreeList {
    void operator()(libusb_device** list) const { libusb_free_device_list(list, 1); }
};

// libusb's list of devices, which it keeps up to date by itself.
class DeviceList {
public:
    explicit DeviceList(libusb_context* context) {
        libusb_device** list = nullptr;
        count_ = libusb_get_device_list(context, &list);
        list_.reset(list);
    }
    [[nodiscard]] std::span<libusb_device*> all() const {
        return {list_.get(), static_cast<std::size_t>(std::max<ssize_t>(count_, 0))};
    }

private:
    ssize_t count_ = 0;
    std::unique_ptr<libusb_device*, FreeList> list_;
};

std::string port_of(libusb_device* device) {
    constexpr int kDeepest = 7;  // USB allows no longer chain of hubs
    std::array<std::uint8_t, kDeepest> ports{};
    const int depth = libusb_get_port_numbers(device, ports.data(), kDeepest);
    const auto way = std::span{ports}.first(static_cast<std::size_t>(std::max(depth, 0)));
    return fmt::format("{}-{}", libusb_get_bus_number(device), fmt::join(way, "."));
}

std::vector<UsbDevice> devices_of(libusb_context* context) {
    std::vector<UsbDevice> devices;
    const DeviceList list{context};
    for (libusb_device* device : list.all()) {
        libusb_device_descriptor descriptor{};
        if (libusb_get_device_descriptor(device, &descriptor) != 0) continue;
        if (descriptor.bDeviceClass == LIBUSB_CLASS_HUB) continue;
        UsbDevice found{.identity = {.vendor = descriptor.idVendor,
                                     .product = descriptor.idProduct,
                                     .port = port_of(device),
                                     .release = descriptor.bcdDevice},
                        .bus = libusb_get_bus_number(device),
                        .address = libusb_get_device_address(device)};
        read_usb_files(found);
        devices.push_back(std::move(found));
    }
    std::ranges::sort(devices, {}, [](const UsbDevice& device) { return device.identity.port; });
    return devices;
}

Error cannot_have(const UsbDevice& device, const UsbInterfaceInfo& interface, int error) {
    switch (error) {
        case LIBUSB_ERROR_NO_DEVICE:
            return {Errc::NotFound, described(device) + ": unplugged"};
        case LIBUSB_ERROR_ACCESS:
            return {Errc::Denied, denied_text(device)};
        case LIBUSB_ERROR_BUSY: {
            const std::string driver = driver_of(device, interface.number);
            return {Errc::Io, busy_text(device, driver == "usbfs" ? "" : driver)};
        }
        default:
            return {Errc::Io, fmt::format("{}: {}", described(device), libusb_strerror(error))};
    }
}

}  // namespace

struct UsbBus::Inner {
    std::unique_ptr<UsbContext> context;
};

UsbBus::UsbBus(std::unique_ptr<Inner> inner) : inner_{std::move(inner)} {}
UsbBus::~UsbBus() = default;

Result<std::unique_ptr<UsbBus>> UsbBus::open(EventLoop& loop) {
    auto context = UsbContext::open(loop);
    if (!context) return std::unexpected{std::move(context.error())};
    return std::unique_ptr<UsbBus>{new UsbBus{std::make_unique<Inner>(std::move(*context))}};
}

std::vector<UsbDevice> UsbBus::devices() const {
    return devices_of(inner_->context->raw());
}

void UsbBus::on_change(std::function<void()> callback) {
    inner_->context->on_change(std::move(callback));
}

Result<std::unique_ptr<UsbInterface>> UsbBus::claim(const UsbDevice& device,
                                                    const UsbInterfaceInfo& interface) {
    const DeviceList list{inner_->context->raw()};
    const auto at = std::ranges::find_if(list.all(), [&device](libusb_device* other) {
        return libusb_get_bus_number(other) == device.bus &&
               libusb_get_device_address(other) == device.address;
    });
    // A device that was pulled out stays on the list until udev has told of it.
    std::error_code unreadable;
    if (at == list.all().end() || !std::filesystem::exists(node_of(device), unreadable))
        return std::unexpected{cannot_have(device, interface, LIBUSB_ERROR_NO_DEVICE)};
    libusb_device_handle* raw = nullptr;
    if (const int error = libusb_open(*at, &raw); error != 0)
        return std::unexpected{cannot_have(device, interface, error)};
    auto handle = std::make_shared<UsbHandle>(*inner_->context, raw);
    (void)libusb_set_auto_detach_kernel_driver(raw, 1);  // where it cannot, claiming fails
    if (const int error = handle->claim(interface.number); error != 0)
        return std::unexpected{cannot_have(device, interface, error)};
    for (const UsbInterfaceInfo& other : device.interfaces) {
        if (is_hid(interface) && is_hid(other) && other.number != interface.number)
            (void)handle->claim(other.number);  // if another program has it, so be it
    }
    return std::make_unique<UsbClaim>(std::move(handle), device.identity, interface);
}

Result<std::vector<UsbDevice>> list_usb_devices() {
    libusb_context* raw = nullptr;
    if (const int error = libusb_init(&raw); error != 0)
        return fail(Errc::Unsupported, fmt::format("no USB here: {}", libusb_strerror(error)));
    const std::unique_ptr<libusb_context, ExitContext> context{raw};
    return devices_of(context.get());
}

}  // namespace stile::devices
