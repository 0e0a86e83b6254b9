// SPDX-License-Identifier: Apache-2.0
// The lines that stile-reader prints for machines.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "devices/camera/qr_decoder.hpp"
#include "devices/reader/examination.hpp"
#include "devices/reader/usb_doctor.hpp"

namespace stile::devices {

// One JSON object without line end each. Text that is not UTF-8 is printed with U+FFFD.

// {"file", "texts", "bytes_hex", "format", "ms"}; format is null when there is no code.
[[nodiscard]] std::string json_codes(std::string_view file, const std::vector<Code>& codes,
                                     std::chrono::nanoseconds decoding);
// {"file", "error"}
[[nodiscard]] std::string json_unreadable(std::string_view file, std::string_view error);
// {"frame", "file", "text", "bytes_hex", "format", "ms"}; frames count from 1.
[[nodiscard]] std::string json_scan(std::uint64_t frame, std::string_view file, const Code& code,
                                    std::chrono::nanoseconds decoding);
// {"source", "state", "reason", "asked", "given", "width", "height", "pictures", "damaged",
// "pictures_a_second", "brightness", "darkest", "brightest", "sharpness", "noise",
// "pictures_with_code", "code_bytes", "advice"}; null where nothing is known.
[[nodiscard]] std::string json_findings(const Findings& findings);
// {"trouble", "devices": [{"port", "vendor", "product", "name", "serial", "release", "kind",
// "drivers", "programs", "fate", "reader", "why", "advice", "udev_rule"}], "readers": [{"name",
// "source", "found"}]}; numbers of USB as four hexadecimal digits, null where there is none.
[[nodiscard]] std::string json_usb(const UsbFindings& findings);

}  // namespace stile::devices
