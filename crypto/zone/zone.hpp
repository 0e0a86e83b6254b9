// SPDX-License-Identifier: Apache-2.0
// Time zones: what a clock on the wall of the venue shows, with the time-zone library hidden.
#pragma once

#include <chrono>
#include <string>

#include "crypto/base/result.hpp"
#include "crypto/base/zone_table.hpp"

namespace stile::crypto {

struct LocalTime {
    std::string day;    // "Fri 31 Jul 2026"
    std::string clock;  // "18:00"
    std::string zone;   // "CEST", or "UTC+04" where the zone has no letters
};

// `zone` is a name of the IANA data base, like Europe/Berlin. Thread-safe. Errors: Invalid (no such
// zone), Io (no data base: package tzdata).
[[nodiscard]] Result<LocalTime> local_time(std::chrono::sys_seconds time, const std::string& zone);

// Every change of that zone's clocks from 1970 to 2106, for code that must not read files. Where
// the data base ends before (in 2037), its last year's rule is continued. Reentrant. Errors: as
// above.
[[nodiscard]] Result<ZoneTable> zone_table(const std::string& zone);

}  // namespace stile::crypto
