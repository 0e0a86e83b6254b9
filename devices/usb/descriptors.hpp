// SPDX-License-Identifier: Apache-2.0
// What a device says of itself, read with distrust: anybody may plug anything in.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "devices/usb/usb_interface.hpp"

namespace stile::devices {

// The configuration with this number among those that follow a device descriptor, as the kernel
// gives them out. Errors: what is wrong, as the end of a sentence.
[[nodiscard]] std::expected<Bytes, std::string> find_configuration(Bytes descriptors,
                                                                   std::uint8_t number);

// The first setting of each interface, with the endpoints that can be used (bulk and interrupt; no
// other, none with packets of no bytes). Errors: what is wrong: a descriptor that is cut off or
// has no length, more than 32 interfaces, an interface or an endpoint twice, one in the wrong
// place.
[[nodiscard]] std::expected<std::vector<UsbInterfaceInfo>, std::string> parse_configuration(
    Bytes configuration);

// At most 126 printable signs without spaces around them; every other sign becomes one "?".
[[nodiscard]] std::string clean_usb_text(std::string_view text);

}  // namespace stile::devices
