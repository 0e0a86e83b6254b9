// SPDX-License-Identifier: Apache-2.0
// How far the clocks of a place are ahead of UTC, as a plain table.
#pragma once

#include <chrono>
#include <vector>

namespace stile {

struct ZoneChange {
    std::chrono::sys_seconds at;
    std::chrono::seconds offset;  // from then on
    friend bool operator==(const ZoneChange&, const ZoneChange&) = default;
};

// Before the first change the clocks show `first`; after the last they stay as they are.
struct ZoneTable {
    std::chrono::seconds first{0};
    std::vector<ZoneChange> changes;  // in order
    friend bool operator==(const ZoneTable&, const ZoneTable&) = default;
};

}  // namespace stile
