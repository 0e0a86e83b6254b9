// SPDX-License-Identifier: Apache-2.0
// Examines one camera for the person who sets it up.
#pragma once

#include <chrono>
#include <ostream>
#include <string>

#include "devices/camera/camera_mode.hpp"
#include "devices/camera/qr_decoder.hpp"

namespace stile::devices {

struct DoctorOrder {
    enum class Form { Text, Json };
    std::string source;  // whatever open_source() takes
    CameraMode mode;
    std::string picture;  // the last picture goes into this PNG file; empty: nowhere
    std::chrono::seconds time{5};
    Form form = Form::Text;
};

// Looks for `time`, or to the end of a recording, and prints what it found, with advice. Never
// prints what a code holds. Returns the exit code: 1 unless the camera is ok (or when the picture
// could not be written).
[[nodiscard]] int examine(const DoctorOrder& order, const QrDecoder& decoder, std::ostream& out);

}  // namespace stile::devices
