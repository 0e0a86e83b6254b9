// SPDX-License-Identifier: Apache-2.0
// Examines a whole gate, or a part of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "daemon/doctor/finding.hpp"

namespace stile::doctor {

enum class Part : std::uint8_t { All, Broker, Disk, Clock };

struct Examination {
    Findings findings;
    int exit_code = 0;  // as DOCTOR.md says
};

// Writes to the disk for `write_for`. Blocks for about ten seconds, longer when a broker does not
// answer. Starts threads.
[[nodiscard]] Examination examine(const std::string& site_file, const std::string& socket,
                                  Part part,
                                  std::chrono::milliseconds write_for = std::chrono::seconds{1});

}  // namespace stile::doctor
