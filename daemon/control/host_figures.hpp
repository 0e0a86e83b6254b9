// SPDX-License-Identifier: Apache-2.0
// What the controller itself says: free disk, temperature.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace stile {

// What an ordinary user may still write there. Nothing: it cannot be told.
[[nodiscard]] std::optional<std::uint64_t> disk_free_bytes(const std::filesystem::path& folder);
// The warmest of the kernel's thermal zones, in degrees Celsius. Nothing: there are none, or none
// that says something believable. Reads a few small files: not for every scan.
[[nodiscard]] std::optional<double> temperature_c(
    const std::filesystem::path& zones = "/sys/class/thermal");

}  // namespace stile
