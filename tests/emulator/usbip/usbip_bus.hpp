// SPDX-License-Identifier: Apache-2.0
// The front end for a kernel of one's own: its virtual host controller (vhci_hcd) gets the devices,
// and every program of the machine sees them.
#pragma once

#include <functional>
#include <list>
#include <memory>

#include "tests/emulator/usbip/usbip_plug.hpp"

namespace stile::emulator {

class UsbipBus final : public Bus {
public:
    // Gives one end of a connection to the kernel, which keeps what it wants of it. Ports count
    // from 0.
    using Attach = std::function<Result<void>(unsigned port, int connection)>;

    UsbipBus(Table& table, Attach attach) : table_{table}, attach_{std::move(attach)} {}

    // NotFound: there is no such port. Else what attach says.
    [[nodiscard]] Result<void> plug(UsbDevice& device, const std::string& port) override;
    void unplug(UsbDevice& device) override;
    void stir(UsbDevice& device) override;
    void pull_after(UsbDevice& device, unsigned transfers) override;
    [[nodiscard]] bool is_pulled(const UsbDevice& device) const override;
    // Unsupported: a program of the machine can do that itself.
    [[nodiscard]] Result<void> hold(UsbDevice& device) override;
    void let_go(UsbDevice& /*device*/) override {}

private:
    struct Plugged {
        UsbDevice* device;
        std::unique_ptr<UsbipPlug> plug;
    };
    [[nodiscard]] UsbipPlug* find(const UsbDevice& device) const;

    Table& table_;
    Attach attach_;
    std::list<Plugged> plugged_;
};

}  // namespace stile::emulator
