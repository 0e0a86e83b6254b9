// SPDX-License-Identifier: Apache-2.0
// A bus with emulated devices in the test's own process, and the real libusb on a loop.
#pragma once

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "devices/usb/usb_bus.hpp"
#include "tests/emulator/umockdev/umockdev_bus.hpp"

namespace stile::devices {

// Sends back what it gets, and does as it is told. Looks like an ACR122U unless told otherwise.
class EchoDevice final : public emulator::UsbDevice {
public:
    struct Looks {
        std::uint16_t vendor = 0x072F;
        std::uint16_t product = 0x2200;
        std::uint8_t class_code = 0x0B;
        std::string serial = "SN 1";
        emulator::DescriptorFlaw flaw = emulator::DescriptorFlaw::None;
    };
    EchoDevice() : EchoDevice{Looks{}} {}
    explicit EchoDevice(const Looks& looks);

    [[nodiscard]] emulator::Reply take(std::uint8_t endpoint, Bytes data) override;
    [[nodiscard]] emulator::Reply give(std::uint8_t endpoint, std::size_t most,
                                       Buffer& out) override;
    void reset() override;

    std::optional<emulator::Reply> next;  // instead of the next answer
    std::deque<Buffer> bulk;
    std::deque<Buffer> interrupts;
    Buffer written;  // by the last control request

protected:
    [[nodiscard]] emulator::Reply special(const emulator::Setup& setup, Bytes out,
                                          Buffer& in) override;
};

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
