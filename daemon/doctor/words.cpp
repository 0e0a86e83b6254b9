// SPDX-License-Identifier: Apache-2.0
// One function a unit.
#include "daemon/doctor/words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/base/time_text.hpp"

namespace stile::doctor {

std::string counted(std::uint64_t number, std::string noun) {
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string duration_words(std::chrono::seconds time) {
    const auto seconds = static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 0));
    if (seconds < 120) return counted(seconds, "second");
    if (seconds < 7'200) return counted(seconds / 60, "minute");
    if (seconds < 172'800) return counted(seconds / 3'600, "hour");
    return counted(seconds / 86'400, "day");
}

std::string short_time(std::chrono::microseconds time) {
    const double ms = static_cast<double>(time.count()) / 1000;
    if (ms < 10) return fmt::format("{:.1f} ms", ms);
    return ms < 1000 ? fmt::format("{:.0f} ms", ms) : fmt::format("{:.1f} s", ms / 1000);
}

std::string size_words(std::uint64_t bytes) {
    const auto mib = bytes >> 20U;
    if (mib < 1024) return fmt::format("{} MiB", mib);
    return fmt::format("{:.1f} GiB", static_cast<double>(mib) / 1024);
}

std::string day_of(std::chrono::sys_seconds time) {
    return to_rfc3339(time).substr(0, 10);
}

}  // namespace stile::doctor
