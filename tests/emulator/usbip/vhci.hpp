// SPDX-License-Identifier: Apache-2.0
// The kernel's virtual host controller (module vhci_hcd), as sysfs shows it. Root only.
#pragma once

#include <filesystem>

#include "crypto/base/result.hpp"

namespace stile::emulator {

inline const std::filesystem::path kVhci = "/sys/devices/platform/vhci_hcd.0";

// Plugs the device at the other end of `connection` into a port, at full speed. Blocks for up to 15
// seconds while the kernel still takes leave of another device there. NotFound: there is no such
// controller.
[[nodiscard]] Result<void> attach_to_vhci(const std::filesystem::path& controller, unsigned port,
                                          int connection);

}  // namespace stile::emulator
