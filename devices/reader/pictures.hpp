// SPDX-License-Identifier: Apache-2.0
// The camera path over picture files, for people and for measurements.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "devices/camera/qr_decoder.hpp"

namespace stile::devices {

// Prints one JSON line a file; each file stands alone. Returns the exit code: 1 when one of them
// could not be read.
[[nodiscard]] int decode_files(const std::vector<std::string>& files, const QrDecoder& decoder,
                               std::ostream& out);

// Plays a folder as a camera of 30 frames a second would show it, without the waiting and without
// leaving a frame out, and prints one JSON line a scan. Returns the exit code, as above.
[[nodiscard]] int decode_sequence(const std::string& folder, const QrDecoder& decoder,
                                  std::ostream& out);

}  // namespace stile::devices
