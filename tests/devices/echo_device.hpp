// SPDX-License-Identifier: Apache-2.0
// The simplest emulated device: it sends back what it gets.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "tests/emulator/model/usb_device.hpp"

namespace stile::devices {

// Sends back what it gets, and does as it is told. Looks like an ACR122U unless told otherwise.
class EchoDevice final : public emulator::UsbDevice {
public:
    struct Looks {
        std::uint16_t vendor = 0x072F;
        std::uint16_t product = 0x2200;
        std::uint8_t class_code = 0x0B;
        std::string serial = "SN 1";
        std::uint8_t interfaces = 1;  // those behind the first only send
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

}  // namespace stile::devices
