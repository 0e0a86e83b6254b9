// SPDX-License-Identifier: Apache-2.0
// The speeds that serial lines have.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace stile::devices {

inline constexpr std::array<std::int64_t, 11> kBauds{1200,  2400,   4800,   9600,   19200, 38400,
                                                     57600, 115200, 230400, 460800, 921600};

[[nodiscard]] constexpr bool is_baud(std::int64_t baud) {
    return std::ranges::find(kBauds, baud) != kBauds.end();
}

}  // namespace stile::devices
