// SPDX-License-Identifier: Apache-2.0
// QR codes by qrcodegen.
#include "crypto/issue/qr/qr_code.hpp"

#include <exception>

#include <qrcodegen.hpp>

namespace stile::crypto {

Result<QrCode> make_qr(const std::string& text) {
    try {
        const auto segment = qrcodegen::QrSegment::makeAlphanumeric(text.c_str());
        const auto made = qrcodegen::QrCode::encodeSegments(
            {segment}, qrcodegen::QrCode::Ecc::MEDIUM, 1, 40, -1, /*boostEcl=*/false);
        QrCode code{.version = made.getVersion(),
                    .size = static_cast<std::size_t>(made.getSize()),
                    .modules = {}};
        code.modules.reserve(code.size * code.size);
        for (int y = 0; y < made.getSize(); ++y)
            for (int x = 0; x < made.getSize(); ++x)
                code.modules.push_back(made.getModule(x, y));
        return code;
    } catch (const std::exception& error) {
        return fail(Errc::Invalid, std::string{"no QR code can hold this: "} + error.what());
    }
}

}  // namespace stile::crypto
