// SPDX-License-Identifier: Apache-2.0
// Finds QR codes with ZXing-cpp.
#pragma once

#include "devices/camera/qr_decoder.hpp"

namespace stile::devices {

// QR codes only: with all formats the library takes 3 to 10 times as long, and with some of them it
// ends the process on ordinary photographs.
class ZxingDecoder final : public QrDecoder {
public:
    [[nodiscard]] Result<std::vector<Code>> decode(const Frame& frame) const override;
};

}  // namespace stile::devices
