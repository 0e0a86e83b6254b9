// SPDX-License-Identifier: Apache-2.0
// A QR code for a terminal: two rows of modules in one row of characters.
#pragma once

#include <string>

#include "crypto/issue/qr/qr_code.hpp"

namespace stile {

// Black on white whatever the terminal's colours are, with the quiet zone.
[[nodiscard]] std::string code_art(const crypto::QrCode& code);

}  // namespace stile
