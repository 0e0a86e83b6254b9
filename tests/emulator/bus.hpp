// SPDX-License-Identifier: Apache-2.0
// Where emulated devices are plugged in: the boundary between the models and a front end.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>

#include "crypto/base/result.hpp"
#include "tests/emulator/model/usb_device.hpp"

namespace stile::emulator {

// One lock for all models. Whoever changes a model under it, tells the others.
struct Table {
    std::mutex mutex;
    std::condition_variable changed;
};

// A front end: it shows the devices to the programs under test and brings transfers to the models.
// Device and bus outlive what is plugged in.
class Bus {
public:
    virtual ~Bus() = default;

    // Without the lock. A port has one device; it is plugged in under a new number each time.
    [[nodiscard]] virtual Result<void> plug(UsbDevice& device, const std::string& port) = 0;
    virtual void unplug(UsbDevice& device) = 0;

    // With the lock.

    // The device may have something for a transfer that waits.
    virtual void stir(UsbDevice& device) = 0;
    // It is pulled out in the very moment in which so many more transfers have come to their end;
    // unplug() then tells the system.
    virtual void pull_after(UsbDevice& device, unsigned transfers) = 0;
    [[nodiscard]] virtual bool is_pulled(const UsbDevice& device) const = 0;
    // Another program has claimed all of its interfaces, or has let them go. Unsupported: a front
    // end may be unable to do that.
    [[nodiscard]] virtual Result<void> hold(UsbDevice& device) = 0;
    virtual void let_go(UsbDevice& device) = 0;
};

}  // namespace stile::emulator
