// SPDX-License-Identifier: Apache-2.0
// Which USB devices a reader of the site file may use: "usb", "usb:072f:2200@1-2.3#SERIAL".
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "devices/usb/usb_device.hpp"

namespace stile::devices {

// "usb", then what narrows it down, in this order: ":VENDOR:PRODUCT" (four hexadecimal digits
// each), "@PORT" (the bus, then the way through the hubs), "#SERIAL" (the rest of the text).
// Without a model it is any reader that stile knows, or any scanner.
class UsbPermit {
public:
    // Whether `text` means a USB device at all, rightly written or not: no path begins so.
    [[nodiscard]] static bool is_meant(std::string_view text);
    // Or what is wrong with the text, as the end of a sentence.
    [[nodiscard]] static std::expected<UsbPermit, std::string> parse(std::string_view text);

    // As parse() takes it; one spelling for each permit.
    [[nodiscard]] std::string text() const;

    // Why `device` may not be used, as the end of a sentence ("it is plugged in at 1-2, not at
    // 1-3"); empty when it may.
    [[nodiscard]] std::string why_not(const UsbDevice& device, UsbUse use) const;

    // Whether there could be a device that both permit.
    [[nodiscard]] bool overlaps(const UsbPermit& other) const;

    friend bool operator==(const UsbPermit&, const UsbPermit&) = default;

private:
    struct Model {
        std::uint16_t vendor = 0;
        std::uint16_t product = 0;
        friend bool operator==(const Model&, const Model&) = default;
    };
    UsbPermit() = default;
    [[nodiscard]] static std::optional<Model> model_of(std::string_view text);
    [[nodiscard]] std::string why_not_this_model(const UsbIdentity& device, UsbUse use) const;

    std::optional<Model> model_;
    std::string port_;    // empty: any
    std::string serial_;  // empty: any
};

}  // namespace stile::devices
