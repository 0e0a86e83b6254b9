// SPDX-License-Identifier: Apache-2.0
// Finds the device that a reader may use, claims it, and finds it again whenever it was lost.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "daemon/runtime/event_loop.hpp"
#include "devices/usb/permit.hpp"
#include "devices/usb/usb_bus.hpp"

namespace stile::devices {

// Looks at once, after each change on the bus, and again 0.1 s, 0.3 s, 1 s, 3 s and then every 10 s
// later: permissions come after the device, and a program that holds it may let go. Thread-bound.
class UsbSearch {
public:
    struct Events {
        // Both from the loop. The search is over until again().
        std::function<void(std::unique_ptr<UsbInterface>)> on_found;
        // Why there is none yet, whenever that changes. NotFound: it is not plugged in; otherwise
        // what UsbBus::claim() says of the one that is.
        std::function<void(const Error&)> on_trouble;
    };
    // Borrows the loop and the bus, whose on_change() it takes. Destroy it before the bus.
    UsbSearch(EventLoop& loop, UsbBus& bus, UsbPermit permit, UsbUse use, Events events);
    ~UsbSearch();
    UsbSearch(const UsbSearch&) = delete;
    UsbSearch& operator=(const UsbSearch&) = delete;

    // Starts, and starts anew after the interface that was found is destroyed.
    void again();
    // The one that was found does not serve after all: from now on the device's next one is tried.
    void pass_over() { ++which_; }

private:
    void look();
    [[nodiscard]] Result<std::unique_ptr<UsbInterface>> try_all();
    void on_change();
    void tell(const Error& trouble);

    EventLoop& loop_;
    UsbBus& bus_;
    UsbPermit permit_;
    UsbUse use_;
    Events events_;
    bool searching_ = false;
    std::size_t tries_ = 0;
    std::size_t which_ = 0;  // interface of a device, as interface_for() has it
    std::string told_;
    EventSource next_;
};

}  // namespace stile::devices
