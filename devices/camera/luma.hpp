// SPDX-License-Identifier: Apache-2.0
// The brightness plane out of a camera's raw buffer, without a detour through colour.
#pragma once

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "devices/camera/frame.hpp"

namespace stile::devices {

// How the bytes of an uncompressed picture lie.
enum class PixelFormat {
    Yuyv,       // Y U Y V: every other byte is brightness
    LumaFirst,  // GREY, NV12, NV21, YU12, YV12: the brightness plane comes first
};

// Copies the brightness of a picture without row padding. captured_ns stays 0.
// Errors: Invalid (too few bytes, or a size that no frame may have). Reentrant.
[[nodiscard]] Result<Frame> luma_from(PixelFormat format, Bytes raw, int width, int height);

}  // namespace stile::devices
