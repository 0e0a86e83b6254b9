// SPDX-License-Identifier: Apache-2.0
// Classes of USB and what they are good for here.
#include "devices/usb/usb_device.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "devices/usb/known.hpp"

namespace stile::devices {
namespace {

constexpr std::uint8_t kSmartCard = 0x0B;
constexpr std::uint8_t kHid = 0x03;
constexpr std::uint8_t kBootMouse = 2;  // the protocol of a HID interface

using Kind = UsbEndpoint::Kind;

bool reads_cards(const UsbInterfaceInfo& interface) {
    // Protocols 1 and 2 of the class go without bulk endpoints.
    return interface.class_code == kSmartCard && interface.protocol == 0 &&
           endpoint_of(interface, Kind::BulkIn) != nullptr &&
           endpoint_of(interface, Kind::BulkOut) != nullptr;
}

bool reads_codes(const UsbInterfaceInfo& interface) {
    return is_hid(interface) && interface.protocol != kBootMouse &&
           endpoint_of(interface, Kind::InterruptIn) != nullptr;
}

}  // namespace

const UsbEndpoint* endpoint_of(const UsbInterfaceInfo& interface, UsbEndpoint::Kind kind) {
    const auto found = std::ranges::find(interface.endpoints, kind, &UsbEndpoint::kind);
    return found == interface.endpoints.end() ? nullptr : &*found;
}

bool is_hid(const UsbInterfaceInfo& interface) {
    return interface.class_code == kHid;
}

const UsbInterfaceInfo* interface_for(const UsbDevice& device, UsbUse use, std::size_t which) {
    if (is_relay_board(device.identity.vendor, device.identity.product)) return nullptr;
    std::vector<const UsbInterfaceInfo*> serving;
    for (const UsbInterfaceInfo& interface : device.interfaces) {
        if (use == UsbUse::Nfc ? reads_cards(interface) : reads_codes(interface))
            serving.push_back(&interface);
    }
    return serving.empty() ? nullptr : serving[which % serving.size()];
}

std::string model_text(std::uint16_t vendor, std::uint16_t product) {
    return fmt::format("{:04x}:{:04x}", vendor, product);
}

}  // namespace stile::devices
