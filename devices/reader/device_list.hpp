// SPDX-License-Identifier: Apache-2.0
// Tells an installer what is plugged in.
#pragma once

#include <ostream>

namespace stile::devices {

// Prints cameras and USB devices, with a sentence where there is none. Returns the exit code.
[[nodiscard]] int print_devices(std::ostream& out);

}  // namespace stile::devices
