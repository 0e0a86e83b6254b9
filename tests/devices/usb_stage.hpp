// SPDX-License-Identifier: Apache-2.0
// A bus with emulated devices in the test's own process, and the real libusb on a loop.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "devices/usb/usb_bus.hpp"
#include "tests/devices/echo_device.hpp"
#include "tests/emulator/umockdev/umockdev_bus.hpp"

namespace stile::devices {

// The bus comes first, since libusb looks around when it begins.
class UsbStage : public testing::Test {
protected:
    using Outcome = std::expected<Buffer, UsbFault>;
    using Begin = std::function<void(UsbInterface::OnDone)>;

    void SetUp() override;
    void TearDown() override;

    // Lives as long as the stage.
    EchoDevice& make(const EchoDevice::Looks& looks) { return made_.emplace_back(looks); }

    // Runs the loop until somebody stops it. False: nobody did for 10 s.
    [[nodiscard]] bool runs();
    // Runs the loop until everything that is ready now has been handled.
    void settle();
    // Runs the loop until the transfer is over.
    [[nodiscard]] Outcome outcome(const Begin& begin);
    // Changes the device and lets it answer.
    void change(EchoDevice& device, const std::function<void(EchoDevice&)>& act);
    [[nodiscard]] bool diary_has(const EchoDevice& device, std::string_view line);
    // Claims what serves cards or codes of the only device.
    [[nodiscard]] std::unique_ptr<UsbInterface> claim(UsbUse use = UsbUse::Nfc);
    [[nodiscard]] static UsbEndpoint endpoint(const UsbInterface& interface,
                                              UsbEndpoint::Kind kind) {
        return *endpoint_of(interface.info(), kind);
    }

    std::list<EchoDevice> made_;
    emulator::Table table_;
    emulator::UmockdevBus bus_{table_};
    EventLoop loop_;
    std::unique_ptr<UsbBus> usb_;
};

}  // namespace stile::devices
