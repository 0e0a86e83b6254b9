// SPDX-License-Identifier: Apache-2.0
// How systemd calls the program of a reader.
#pragma once

#include <string>

#include "daemon/config/site.hpp"

namespace stile::config {

// A reader's name needs no escape in it: it is of a-z, 0-9 and - only.
[[nodiscard]] inline std::string unit_of(const Reader& reader) {
    return "stile-reader@" + reader.name + ".service";
}

}  // namespace stile::config
