// SPDX-License-Identifier: Apache-2.0
// JPEG packets and files, decoded straight to brightness and without a word on standard error.
#pragma once

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "devices/camera/frame.hpp"

namespace stile::devices {

// What can be saved of a damaged picture is given, marked as damaged: half of a picture may still
// hold a code. Motion JPEG without Huffman tables is read with the usual ones. At most
// kMaxFramePixels, at most 500 scans of a progressive picture. captured_ns stays 0. Reentrant.
// Errors: Invalid (nothing can be saved, or too many pixels), Unsupported (print colours).
[[nodiscard]] Result<Frame> decode_jpeg(Bytes jpeg);

}  // namespace stile::devices
