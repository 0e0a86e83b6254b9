// SPDX-License-Identifier: Apache-2.0
// What stile would do with each USB device that is plugged in, and why.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "devices/usb/permit.hpp"
#include "devices/usb/usb_device.hpp"

namespace stile::devices {

// A device and how it lies in the system.
struct UsbFact {
    UsbDevice device;
    std::vector<std::string> drivers;   // of its interfaces, in their order; "": none
    std::vector<std::string> programs;  // that have it open, "pcscd (process 812)"
    enum class Access : std::uint8_t { Readers, Nobody } access = Access::Readers;
};

// A reader of the site file that is on USB.
struct UsbWish {
    std::string reader;
    UsbUse use = UsbUse::Nfc;
    UsbPermit permit;
};

enum class UsbFate : std::uint8_t {
    Claimed,  // a reader takes it, or has it
    InUse,    // a reader wants it, and another program has it
    Denied,   // a reader wants it, and may not open it
    Ignored,
};
[[nodiscard]] std::string_view name_of(UsbFate fate);  // "claimed", "in-use", ...

struct UsbVerdict {
    UsbFate fate = UsbFate::Ignored;
    std::string reader;               // that wants it; empty: none
    std::string why;                  // a sentence without its end
    std::vector<std::string> advice;  // sentences likewise
    friend bool operator==(const UsbVerdict&, const UsbVerdict&) = default;
};

// One verdict for each fact. A reader takes the first device that it may use and can have, as
// UsbSearch does.
[[nodiscard]] std::vector<UsbVerdict> judge_usb(const std::vector<UsbFact>& facts,
                                                const std::vector<UsbWish>& wishes);

}  // namespace stile::devices
