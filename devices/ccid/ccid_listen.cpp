// SPDX-License-Identifier: Apache-2.0
// A card reader's notifications: cards that come and go, told on the interrupt endpoint.
#include "devices/ccid/ccid_reader.hpp"
#include "devices/usb/usb_device.hpp"

namespace stile::devices {
namespace {

constexpr int kMostFaults = 10;  // in succession; then it is left alone until the next reset
constexpr int kMostMissed = 2;

}  // namespace

void CcidReader::listen() {
    const UsbEndpoint* endpoint = endpoint_of(usb_->info(), UsbEndpoint::Kind::InterruptIn);
    if (endpoint == nullptr || listening_ || listen_faults_ >= kMostFaults) return;
    listening_ = true;
    usb_->receive(*endpoint, endpoint->packet, {},
                  [this, endpoint](const UsbInterface::Received& received) {
                      listening_ = false;
                      if (received) {
                          listen_faults_ = 0;
                          take_news(*received);
                      } else if (received.error() == UsbFault::Gone) {
                          return unplugged();
                      } else {
                          ++listen_faults_;
                          if (received.error() == UsbFault::Stall)
                              (void)usb_->clear_halt(*endpoint);  // polling goes on without it
                      }
                      listen();
                      pump();  // the next look may be due earlier now
                  });
}

void CcidReader::take_news(Bytes notification) {
    if (tells_hardware_fault(notification)) return look_soon();
    for (std::uint8_t slot = 0; slot < slots_.count(); ++slot) {
        const SlotNews news = news_of(notification, slot);
        const auto doubt = slots_.told(slot, news);
        // An answer that is on its way may be older than the news, and will be believed.
        const bool overtaken = news != SlotNews::Unchanged && pipe_.busy();
        if (overtaken || doubt == CcidSlots::Doubt::Ask) look_soon();
    }
    settle();
}

// A reader that lets cards lie without a word is polled instead.
bool CcidReader::hears_well() const {
    return listening_ && missed_news_ < kMostMissed;
}

}  // namespace stile::devices
