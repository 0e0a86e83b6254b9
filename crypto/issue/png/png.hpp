// SPDX-License-Identifier: Apache-2.0
// A QR code as a PNG picture, with the library that writes it hidden.
#pragma once

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "crypto/issue/qr/qr_code.hpp"

namespace stile::crypto {

// Grey, `module_pixels` pixels a module, with the quiet zone. Errors: Io, with the library's words.
[[nodiscard]] Result<Buffer> to_png(const QrCode& code, std::size_t module_pixels);

}  // namespace stile::crypto
