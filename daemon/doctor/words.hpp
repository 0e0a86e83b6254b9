// SPDX-License-Identifier: Apache-2.0
// Numbers as an installer says them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace stile::doctor {

// "3 minutes", "26 hours", "5 days"
[[nodiscard]] std::string duration_words(std::chrono::seconds time);
// "0.4 ms", "12 ms", "1.5 s"
[[nodiscard]] std::string short_time(std::chrono::microseconds time);
// "512 MiB", "12.5 GiB"
[[nodiscard]] std::string size_words(std::uint64_t bytes);
// "2026-01-31"
[[nodiscard]] std::string day_of(std::chrono::sys_seconds time);
// "1 key", "3 keys"
[[nodiscard]] std::string counted(std::uint64_t number, std::string noun);

}  // namespace stile::doctor
