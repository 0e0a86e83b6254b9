// SPDX-License-Identifier: Apache-2.0
// Looks at the first bytes of a picture file: which format, how large. So that nothing huge or
// exotic reaches a decoder.
#pragma once

#include <cstdint>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"

namespace stile::devices {

struct PictureSize {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    friend bool operator==(const PictureSize&, const PictureSize&) = default;
};

// The size that a PNG, JPEG, BMP, PGM or PPM file claims to have, at most kMaxFramePixels.
// Errors: Unsupported (another format), Invalid (a damaged head, no pixels, too many pixels).
// Reentrant, never reads beyond the head.
[[nodiscard]] Result<PictureSize> picture_size(Bytes file);

}  // namespace stile::devices
