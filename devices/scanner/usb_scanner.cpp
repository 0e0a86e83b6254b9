// SPDX-License-Identifier: Apache-2.0
// Search, scanner, search again, with a growing delay when it does not work.
#include "devices/scanner/usb_scanner.hpp"

#include <algorithm>
#include <utility>

namespace stile::devices {
namespace {

constexpr std::chrono::milliseconds kFirstUsbDelay{250};
constexpr std::chrono::milliseconds kLongestUsbDelay{10'000};

}  // namespace

UsbScanner::UsbScanner(EventLoop& loop, UsbPermit permit, ScannerSettings settings, LoadLayout load,
                       ScannerEvents events)
    : loop_{loop},
      permit_{std::move(permit)},
      settings_{std::move(settings)},
      load_{std::move(load)},
      events_{std::move(events)},
      of_scanner_{events_},
      delay_{kFirstUsbDelay} {
    of_scanner_.on_scan = [this](const ScannedText& scan) {
        delay_ = kFirstUsbDelay;  // it works
        events_.on_scan(scan);
    };
    of_scanner_.on_trouble = [this](const Error& why) { on_end(why); };
}

void UsbScanner::start() {
    auto bus = UsbBus::open(loop_);
    if (!bus) {
        events_.on_trouble(bus.error());
        return again_later(&UsbScanner::start);
    }
    bus_ = std::move(*bus);
    search_.emplace(
        loop_, *bus_, permit_, UsbUse::Scanner,
        UsbSearch::Events{.on_found = [this](auto usb) { on_found(std::move(usb)); },
                          .on_trouble = [this](const Error& why) { events_.on_trouble(why); }});
    search();
}

void UsbScanner::search() {
    scanner_.reset();
    search_->again();
}

void UsbScanner::on_found(std::unique_ptr<UsbInterface> usb) {
    scanner_.emplace(loop_, std::move(usb), settings_, load_, of_scanner_);
    scanner_->start();
}

// The scanner is still on the stack here.
void UsbScanner::on_end(const Error& why) {
    if (why.code == Errc::Closed) delay_ = kFirstUsbDelay;
    if (why.code == Errc::Unsupported) search_->pass_over();
    events_.on_trouble(why);
    again_later(&UsbScanner::search);
}

void UsbScanner::again_later(void (UsbScanner::*what)()) {
    later_ = loop_.after(delay_, [this, what] { (this->*what)(); });
    delay_ = std::min(2 * delay_, kLongestUsbDelay);
}

}  // namespace stile::devices
