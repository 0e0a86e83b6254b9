// SPDX-License-Identifier: Apache-2.0
// A QR code as black and white modules, with the library that makes it hidden.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "crypto/base/result.hpp"

namespace stile::crypto {

inline constexpr std::size_t kQuietZone = 4;  // white modules on every side, as the standard asks

struct QrCode {
    int version = 0;       // 1 to 40; a version has 4 modules more than the one before
    std::size_t size = 0;  // modules on a side, without the quiet zone
    std::vector<bool> modules;

    [[nodiscard]] bool dark(std::size_t x, std::size_t y) const { return modules[(y * size) + x]; }
};

// Error correction M, alphanumeric mode, the smallest version that holds the text. Errors: Invalid
// for a character outside the alphanumeric set or a text too long for any version.
[[nodiscard]] Result<QrCode> make_qr(const std::string& text);

}  // namespace stile::crypto
