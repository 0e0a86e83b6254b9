// SPDX-License-Identifier: Apache-2.0
// Picture files and JPEG packets, decoded straight to brightness.
#pragma once

#include <filesystem>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"
#include "devices/camera/frame.hpp"

namespace stile::devices {

// The formats and limits of picture_size(). captured_ns stays 0. Reentrant. Of a JPEG that is
// damaged in its middle the rest is given, marked as damaged.
// Errors: Unsupported (another format), Invalid (damaged, or too many pixels).
[[nodiscard]] Result<Frame> decode_picture(Bytes file);

// The same from a file of at most 64 MiB. Errors: also NotFound, Denied, Io; the text names the
// file.
[[nodiscard]] Result<Frame> read_picture(const std::filesystem::path& file);

// Writes a PNG file that only its owner may read, since people may be on it; or into an open file,
// /dev/fd/N. Errors: Invalid (the name does not end in .png), NotFound, Denied, Io; the text names
// the file.
[[nodiscard]] Result<void> store_picture(const std::filesystem::path& file, const Frame& frame);

}  // namespace stile::devices
