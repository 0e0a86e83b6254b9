// SPDX-License-Identifier: Apache-2.0
// A card reader at work: what lies on it goes to stiled, whose commands go to the card.
#pragma once

#include <memory>
#include <string>

#include "daemon/config/site.hpp"
#include "daemon/runtime/event_loop.hpp"
#include "devices/ccid/ccid_reader.hpp"
#include "devices/reader/card_health.hpp"
#include "devices/reader/card_visits.hpp"
#include "devices/reader/loop_timer.hpp"
#include "devices/reader/scan_desk.hpp"
#include "devices/usb/permit.hpp"
#include "devices/usb/usb_bus.hpp"
#include "devices/usb/usb_search.hpp"

namespace stile::devices {

// All of its state belongs to the loop's thread.
class CardReader {
public:
    CardReader(const config::Site& site, const config::Reader& settings, UsbPermit permit);

    // Runs until SIGTERM or SIGINT, with or without a reader that is plugged in. Returns the exit
    // code: kExitFailed where there is no USB at all. Call once.
    [[nodiscard]] int run();

private:
    [[nodiscard]] CardVisits::Ports ports();
    void on_found(std::unique_ptr<UsbInterface> usb);
    void on_trouble(const Error& why);
    void on_condition();
    void let_go();
    void tell(CardTroubleName name, std::string_view why);
    void send_health();

    std::string name_;
    UsbPermit permit_;
    EventLoop loop_;
    LoopTimer reader_timer_;
    LoopTimer visits_timer_;
    ScanDesk desk_;
    CardVisits visits_;
    CardHealth health_;
    EventSource tick_;
    EventSource next_;  // the search, or the end of the one that was found
    std::unique_ptr<UsbBus> bus_;
    std::unique_ptr<UsbSearch> search_;
    std::unique_ptr<CcidReader> ccid_;
};

}  // namespace stile::devices
