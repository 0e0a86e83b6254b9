// SPDX-License-Identifier: Apache-2.0
// One device on USB as it describes itself, and what stile could use it for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "devices/usb/usb_interface.hpp"

namespace stile::devices {

struct UsbDevice {
    UsbIdentity identity;
    std::uint8_t bus = 0;
    std::uint8_t address = 0;                  // another one after each plugging in
    std::vector<UsbInterfaceInfo> interfaces;  // of the active configuration
    std::string oddity;                        // why its descriptors are not believed; empty: fine
};

enum class UsbUse : std::uint8_t { Nfc, Scanner };

// The interface that serves `use`: the first of a smart card reader (makers put the contactless
// slot first) or of a HID device that sends and is no mouse; nullptr when there is none. `which`
// counts them round and round.
[[nodiscard]] const UsbInterfaceInfo* interface_for(const UsbDevice& device, UsbUse use,
                                                    std::size_t which = 0);

[[nodiscard]] bool is_hid(const UsbInterfaceInfo& interface);

// nullptr when the interface has no such endpoint.
[[nodiscard]] const UsbEndpoint* endpoint_of(const UsbInterfaceInfo& interface,
                                             UsbEndpoint::Kind kind);

// "072f:2200"
[[nodiscard]] std::string model_text(std::uint16_t vendor, std::uint16_t product);

}  // namespace stile::devices
