// SPDX-License-Identifier: Apache-2.0
// Tells an installer what is plugged into USB, what stile would do with it, and why.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "daemon/config/site.hpp"
#include "devices/usb/usb_verdict.hpp"

namespace stile::devices {

struct UsbFindings {
    std::string trouble;  // why nothing is known of USB; empty: all is
    std::vector<UsbFact> facts;
    std::vector<UsbVerdict> verdicts;  // one for each fact
    struct Reader {
        std::string name;
        std::string source;
        bool found = false;
    };
    std::vector<Reader> readers;  // of the site file, that are no cameras
};

// "card reader", "keyboard or scanner", "other"
[[nodiscard]] std::string_view kind_of(const UsbDevice& device);

enum class UsbForm { Text, Json };

// Looks at the devices, opens none, and prints. Returns the exit code: 1 when a reader has none.
[[nodiscard]] int examine_usb(const std::vector<config::Reader>& readers, UsbForm form,
                              std::ostream& out);

}  // namespace stile::devices
