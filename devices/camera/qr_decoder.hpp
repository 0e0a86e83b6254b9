// SPDX-License-Identifier: Apache-2.0
// The port to whatever finds QR codes in a frame.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "devices/camera/frame.hpp"

namespace stile::devices {

// A crowd of codes in one frame costs time and helps nobody; the rest is left for the next frames.
inline constexpr std::size_t kMaxCodesPerFrame = 16;
// The largest QR code holds 2,953 bytes, or 7,089 digits. Longer ones are read and not passed on.
inline constexpr std::size_t kMaxCodeBytes = 4096;

struct Code {
    Buffer bytes;      // what the code holds, without any change of character set
    std::string text;  // the same for people: well-formed UTF-8, U+FFFD where there is no character
};

class QrDecoder {
public:
    QrDecoder() = default;
    QrDecoder(const QrDecoder&) = delete;
    QrDecoder& operator=(const QrDecoder&) = delete;
    virtual ~QrDecoder() = default;

    // All codes of the frame, at most kMaxCodesPerFrame; none is an empty list. Reentrant.
    // Errors: Invalid (the frame has too few bytes for its size), Io (the library failed on this
    // frame; the next one may work).
    [[nodiscard]] virtual Result<std::vector<Code>> decode(const Frame& frame) const = 0;
};

}  // namespace stile::devices
