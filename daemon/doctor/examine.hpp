// SPDX-License-Identifier: Apache-2.0
// Examines a whole gate, or a part of it.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/doctor/finding.hpp"

namespace stile::doctor {

enum class Part : std::uint8_t { All, Broker, Disk, Clock };

struct Examination {
    Findings findings;
    int exit_code = 0;  // as DOCTOR.md says
};

// Blocks for about ten seconds, longer when a broker does not answer. Starts threads.
[[nodiscard]] Examination examine(const std::string& site_file, const std::string& socket,
                                  Part part);

}  // namespace stile::doctor
