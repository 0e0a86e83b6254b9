// SPDX-License-Identifier: Apache-2.0
// The sentences about devices that others have, or that may not be used.
#include "devices/usb/usb_advice.hpp"

#include <fmt/format.h>

#include "devices/usb/known.hpp"

namespace stile::devices {

std::string described(const UsbDevice& device) {
    const UsbIdentity& is = device.identity;
    const KnownReader* known = known_reader(is.vendor, is.product);
    const std::string name{known != nullptr ? known->name : std::string_view{is.name}};
    return fmt::format("{} ({}) in port {}", name.empty() ? "a device without a name" : name,
                       model_text(is.vendor, is.product), is.port);
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
    const bool reads_cards = interface_for(device, UsbUse::Nfc) != nullptr;
    const std::string_view likely =
        reads_cards ? "; if that is pcscd: systemctl disable --now pcscd.socket "
                      "pcscd.service"
                    : "; stop that program";
    const std::string_view driver =
        "; keep it away by a line in /etc/modprobe.d: blacklist pn533_usb";
    return fmt::format("{}: {} has it{}", described(device),
                       holder.empty() ? "another program" : holder,
                       holder == "pn533_usb" ? driver : likely);
}

}  // namespace stile::devices
