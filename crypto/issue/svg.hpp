// SPDX-License-Identifier: Apache-2.0
// A QR code as an SVG drawing.
#pragma once

#include <string>

#include "crypto/issue/qr/qr_code.hpp"

namespace stile::crypto {

// Black on white, with the quiet zone; `module_pixels` only sets the size at which it is shown.
[[nodiscard]] std::string to_svg(const QrCode& code, std::size_t module_pixels);

}  // namespace stile::crypto
