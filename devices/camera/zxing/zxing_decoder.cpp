// SPDX-License-Identifier: Apache-2.0
// ZXing-cpp 1.4 behind the port.
#include "devices/camera/zxing/zxing_decoder.hpp"

#include <exception>

#define ZX_USE_UTF8  // Result::text() as std::string
#include <ReadBarcode.h>

#include "devices/camera/utf8.hpp"

namespace stile::devices {
namespace {

// tryDownscale finds large codes in large frames; tryHarder and tryRotate change nothing for QR.
const ZXing::DecodeHints& hints() {
    static const ZXing::DecodeHints qr_only =
        ZXing::DecodeHints{}
            .setFormats(ZXing::BarcodeFormat::QRCode)
            .setTryDownscale(true)
            .setMaxNumberOfSymbols(std::uint8_t{kMaxCodesPerFrame});
    return qr_only;
}

// No QR code has fewer modules, and ZXing-cpp 1.4 crashes on a frame without rows.
constexpr int kSmallestSide = 21;

bool fits_its_bytes(const Frame& frame) {
    return frame.stride >= frame.width &&
           static_cast<std::size_t>(frame.stride) * static_cast<std::size_t>(frame.height) <=
               frame.luma.size();
}

}  // namespace

Result<std::vector<Code>> ZxingDecoder::decode(const Frame& frame) const {
    if (frame.width < kSmallestSide || frame.height < kSmallestSide) return std::vector<Code>{};
    if (!fits_its_bytes(frame)) return fail(Errc::Invalid, "a frame with too few bytes");
    try {
        const ZXing::ImageView view{frame.luma.data(), frame.width, frame.height,
                                    ZXing::ImageFormat::Lum, frame.stride};
        std::vector<Code> codes;
        for (const ZXing::Result& result : ZXing::ReadBarcodes(view, hints())) {
            if (!result.isValid() || result.bytes().empty()) continue;
            codes.push_back({Buffer{result.bytes().begin(), result.bytes().end()},
                             well_formed_utf8(result.text())});
        }
        return codes;
    } catch (const std::exception& thrown) {
        return fail(Errc::Io, std::string{"code reader: "} + thrown.what());
    }
}

}  // namespace stile::devices
