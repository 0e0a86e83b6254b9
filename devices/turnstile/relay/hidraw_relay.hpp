// SPDX-License-Identifier: Apache-2.0
// USB relay boards of the "USBRelay" kind (16c0:05df, one to eight relays), through /dev/hidraw.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "devices/turnstile/relay_link.hpp"

namespace stile::devices {

// Which one of several boards.
struct RelayName {
    std::string id;    // the five characters that it keeps; empty: any
    std::string port;  // where it is plugged in, "1-1.4": bus, then the way through the hubs;
                       // empty: anywhere
};

// A board as sysfs shows it.
struct RelayPlace {
    std::string node;  // "/dev/hidraw0"
    std::string port;
    std::uint8_t channels = 8;  // as its name says; 8 when it says nothing
    friend bool operator==(const RelayPlace&, const RelayPlace&) = default;
};
[[nodiscard]] std::vector<RelayPlace> list_relays(
    const std::filesystem::path& sysfs = "/sys/class/hidraw");

// The first board of that name that is plugged in.
[[nodiscard]] RelayOpener hidraw_relay(RelayName name);

}  // namespace stile::devices
