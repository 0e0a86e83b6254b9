// SPDX-License-Identifier: Apache-2.0
// A HID scanner that a permit of the site file names, wherever and whenever it is plugged in.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "devices/scanner/hid_scanner.hpp"
#include "devices/usb/permit.hpp"
#include "devices/usb/usb_bus.hpp"
#include "devices/usb/usb_search.hpp"

namespace stile::devices {

class UsbScanner final : public ScannerSource {
public:
    // Borrows the loop, which has to handle signals already. The events are called from it.
    UsbScanner(EventLoop& loop, UsbPermit permit, ScannerSettings settings, LoadLayout load,
               ScannerEvents events);

    void start() override;

private:
    void on_found(std::unique_ptr<UsbInterface> usb);
    void on_end(const Error& why);
    void again_later(void (UsbScanner::*what)());
    void search();

    EventLoop& loop_;
    UsbPermit permit_;
    ScannerSettings settings_;
    LoadLayout load_;
    ScannerEvents events_;
    ScannerEvents of_scanner_;  // the same, but that its trouble and its scans are noticed here
    std::unique_ptr<UsbBus> bus_;
    std::optional<UsbSearch> search_;
    std::optional<HidScanner> scanner_;  // last but the timer: it holds an interface of the bus
    std::chrono::milliseconds delay_{};
    EventSource later_;
};

}  // namespace stile::devices
