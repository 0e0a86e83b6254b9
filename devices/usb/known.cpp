// SPDX-License-Identifier: Apache-2.0
// The numbers are those in the device lists of the free CCID driver (ccid.apdu.fr, Debian's libccid
// 1.5.2, and its folder readers/ with the descriptors of each). In all of them interface 0 is the
// contactless one.
#include "devices/usb/known.hpp"

#include <algorithm>

namespace stile::devices {
namespace {

constexpr KnownReader kKnown[] = {
    {0x072F, 0x2200, "ACS ACR122U"},         {0x072F, 0x223B, "ACS ACR1252U"},
    {0x072F, 0x2308, "ACS ACR1552U"},        {0x076B, 0x5022, "HID OMNIKEY 5022"},
    {0x076B, 0x5412, "HID OMNIKEY 5122"},    {0x076B, 0x5422, "HID OMNIKEY 5422"},
    {0x076B, 0x5427, "HID OMNIKEY 5427 CK"}, {0x04E6, 0x5790, "Identiv uTrust 3700 F"},
};

}  // namespace

std::span<const KnownReader> known_readers() {
    return kKnown;
}

const KnownReader* known_reader(std::uint16_t vendor, std::uint16_t product) {
    const auto* found = std::ranges::find_if(kKnown, [vendor, product](const KnownReader& known) {
        return known.vendor == vendor && known.product == product;
    });
    return found == std::end(kKnown) ? nullptr : found;
}

bool is_relay_board(std::uint16_t vendor, std::uint16_t product) {
    return vendor == 0x16C0 && product == 0x05DF;
}

}  // namespace stile::devices
