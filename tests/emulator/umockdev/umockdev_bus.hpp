// SPDX-License-Identifier: Apache-2.0
// The front end for every machine: libumockdev shows the devices to programs that were started with
// its preloaded library.
#pragma once

#include <list>
#include <memory>

#include "tests/emulator/umockdev/usb_plug.hpp"

namespace stile::emulator {

// Sets UMOCKDEV_DIR for the programs that this one starts.
class UmockdevBus final : public Bus {
public:
    explicit UmockdevBus(Table& table);

    [[nodiscard]] Result<void> plug(UsbDevice& device, const std::string& port) override;
    void unplug(UsbDevice& device) override;
    void stir(UsbDevice& device) override;
    void pull_after(UsbDevice& device, unsigned transfers) override;
    [[nodiscard]] bool is_pulled(const UsbDevice& device) const override;
    [[nodiscard]] Result<void> hold(UsbDevice& device) override;
    void let_go(UsbDevice& device) override;

private:
    struct Plugged {
        UsbDevice* device;
        std::unique_ptr<UsbPlug> plug;
    };
    [[nodiscard]] unsigned free_number();
    [[nodiscard]] UsbPlug* find(const UsbDevice& device) const;

    Table& table_;
    std::unique_ptr<UMockdevTestbed, Unref> bed_;
    std::list<Plugged> plugged_;
    std::list<std::unique_ptr<UsbPlug>> left_;  // oldest first
    unsigned number_ = 1;                       // given last
};

}  // namespace stile::emulator
