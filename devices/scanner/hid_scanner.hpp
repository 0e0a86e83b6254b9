// SPDX-License-Identifier: Apache-2.0
// One HID scanner on a claimed USB interface: set up, then read until it is gone.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "devices/scanner/scan_feed.hpp"
#include "devices/usb/usb_interface.hpp"

namespace stile::devices {

// Thread-bound to the loop. Nothing is called back after it is destroyed.
class HidScanner {
public:
    // Here on_trouble is the end: it is called once, and then the scanner has to be destroyed, but
    // later. Closed: it is gone; Unsupported: it is no scanner; Config: there is no such layout;
    // Io. Borrows the loop and the events.
    HidScanner(EventLoop& loop, std::unique_ptr<UsbInterface> usb, ScannerSettings settings,
               LoadLayout load, const ScannerEvents& events);

    // Call once.
    void start();

private:
    enum class Protocol : std::uint8_t { Boot = 0, Report = 1 };  // as SET_PROTOCOL has them

    void on_descriptor(UsbInterface::Received answer);
    void set_up(const ScannerForm& form, Protocol protocol);
    void set_idle();
    void set_protocol();
    void request(std::uint8_t number, std::uint16_t value, void (HidScanner::*next)());
    void begin();
    void read();
    void on_report(UsbInterface::Received report);
    void on_fault(UsbFault fault);
    void end(Errc code, std::string_view why);
    [[nodiscard]] bool is_boot_keyboard() const;

    EventLoop& loop_;
    std::unique_ptr<UsbInterface> usb_;
    ScannerSettings settings_;
    LoadLayout load_;
    const ScannerEvents& events_;
    UsbEndpoint in_;
    std::string name_;
    std::size_t report_bytes_ = 0;
    Protocol protocol_ = Protocol::Report;
    bool ended_ = false;
    int faults_ = 0;  // since the last report
    std::optional<ScanFeed> feed_;
};

}  // namespace stile::devices
