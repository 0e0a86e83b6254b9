// SPDX-License-Identifier: Apache-2.0
// What is plugged into USB: enough to find card readers and scanners.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"

namespace stile::devices {

struct UsbDevice {
    std::uint16_t vendor = 0;
    std::uint16_t product = 0;
    std::string port;            // the plug itself, "1-2.3": bus, then the way through the hubs
    bool card_reader = false;    // has a CCID interface (class 0x0B)
    bool keyboard_like = false;  // has a HID interface: scanners are keyboards
};

// All devices but the root hubs, in order of their ports. Opens none of them. Blocks for
// milliseconds. Errors: Unsupported (this machine has no USB, or it is not visible here).
[[nodiscard]] Result<std::vector<UsbDevice>> list_usb_devices();

}  // namespace stile::devices
