// SPDX-License-Identifier: Apache-2.0
// USB as a reader's loop sees it: what is plugged in, and interfaces to claim (libusb inside).
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "crypto/base/result.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "devices/usb/usb_device.hpp"
#include "devices/usb/usb_interface.hpp"

namespace stile::devices {

// Thread-bound to its event loop. libusb keeps a thread that listens to udev and does nothing else,
// so let the loop handle signals before the bus is made.
class UsbBus {
public:
    // Borrows the loop. Errors: Unsupported (this machine has no USB, or it is not visible here).
    [[nodiscard]] static Result<std::unique_ptr<UsbBus>> open(EventLoop& loop);
    // Every interface that was claimed must be gone. Waits, for 1 s at most, until the transfers
    // that were cancelled have come back.
    ~UsbBus();
    UsbBus(const UsbBus&) = delete;
    UsbBus& operator=(const UsbBus&) = delete;

    // All devices but hubs, in order of their ports. Opens none of them; reads small files.
    [[nodiscard]] std::vector<UsbDevice> devices() const;

    // Calls back from the loop after something was plugged in or out. One callback: the last.
    void on_change(std::function<void()> callback);

    // Opens the device and claims the interface, which the kernel's driver has to give away; of a
    // HID device the other HID interfaces too, which nobody reads: no key reaches the system.
    // Errors, with what to do about them: NotFound (unplugged meanwhile), Denied (no permission),
    // Io (another program has it, or the device does not answer): all may pass.
    [[nodiscard]] Result<std::unique_ptr<UsbInterface>> claim(const UsbDevice& device,
                                                              const UsbInterfaceInfo& interface);

private:
    struct Inner;
    explicit UsbBus(std::unique_ptr<Inner> inner);
    std::unique_ptr<Inner> inner_;
};

// The same list without a loop. Errors: Unsupported.
[[nodiscard]] Result<std::vector<UsbDevice>> list_usb_devices();

}  // namespace stile::devices
