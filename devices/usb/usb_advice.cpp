// SPDX-License-Identifier: Apache-2.0
// The sentences about devices that others have, or that may not be used.
#include "devices/usb/usb_advice.hpp"

#include <fmt/format.h>

#include "devices/usb/known.hpp"

namespace stile::devices {

std::string name_for(const UsbDevice& device) {
    const UsbIdentity& is = device.identity;
    if (const KnownReader* known = known_reader(is.vendor, is.product); known != nullptr)
        return std::string{known->name};
    return is.name.empty() ? "a device without a name" : is.name;
}

std::string described(const UsbDevice& device) {
    const UsbIdentity& is = device.identity;
    return fmt::format("{} ({}) in port {}", name_for(device), model_text(is.vendor, is.product),
                       is.port);
}

std::string udev_rule(const UsbDevice& device) {
    return fmt::format(
        R"(SUBSYSTEM=="usb", ENV{{DEVTYPE}}=="usb_device", ATTR{{idVendor}}=="{:04x}", )"
        R"(ATTR{{idProduct}}=="{:04x}", GROUP="stile-reader", MODE="0660")",
        device.identity.vendor, device.identity.product);
}

std::string denied_text(const UsbDevice& device) {
    return fmt::format(
        "{}: no permission; put this into /etc/udev/rules.d/61-stile-site.rules and plug it in "
        "again: {}",
        described(device), udev_rule(device));
}

std::string busy_text(const UsbDevice& device, const std::string& holder) {
    constexpr std::string_view kStopPcscd = "systemctl disable --now pcscd.socket pcscd.service";
    const bool reads_cards = interface_for(device, UsbUse::Nfc) != nullptr;
    std::string what_to_do = "stop it";
    if (holder == "pn533_usb") {
        what_to_do = "keep it away by a line in a file of /etc/modprobe.d: blacklist pn533_usb";
    } else if (holder.starts_with("pcscd")) {
        what_to_do = kStopPcscd;
    } else if (holder.empty() && reads_cards) {
        what_to_do = fmt::format("stop it; if that is pcscd: {}", kStopPcscd);
    }
    return fmt::format("{}: {} has it; {}", described(device),
                       holder.empty() ? "another program" : holder, what_to_do);
}

}  // namespace stile::devices
