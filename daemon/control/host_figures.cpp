// SPDX-License-Identifier: Apache-2.0
// statvfs, and thermal_zone*/temp in thousandths of a degree.
#include "daemon/control/host_figures.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>

#include <sys/statvfs.h>

namespace stile {
namespace {

// Sensors that are not there often say 0, or the lowest number that they have.
bool is_believable(double celsius) {
    return celsius > -60 && celsius < 200 && celsius != 0;
}

}  // namespace

std::optional<std::uint64_t> disk_free_bytes(const std::filesystem::path& folder) {
    struct statvfs disk{};
    if (::statvfs(folder.c_str(), &disk) != 0) return std::nullopt;
    return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

std::optional<double> temperature_c(const std::filesystem::path& zones) {
    std::optional<double> warmest;
    std::error_code none;
    for (const auto& zone : std::filesystem::directory_iterator{zones, none}) {
        if (!zone.path().filename().native().starts_with("thermal_zone")) continue;
        std::ifstream file{zone.path() / "temp"};
        double thousandths = 0;
        if (!(file >> thousandths)) continue;
        const double celsius = thousandths / 1000;
        if (is_believable(celsius)) warmest = std::max(warmest.value_or(celsius), celsius);
    }
    return warmest;
}

}  // namespace stile
