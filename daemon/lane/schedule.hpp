// SPDX-License-Identifier: Apache-2.0
// A lane's week: which mode begins when. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

#include "daemon/entry/entry.hpp"

namespace stile {

// On each of these days, from this minute on, until the next row of any day.
struct ScheduleRow {
    std::uint8_t days = 0;           // bit 0: Monday ... bit 6: Sunday
    std::chrono::minutes minute{0};  // after midnight, on the clocks of the place
    LaneMode mode = LaneMode::Normal;
    friend bool operator==(const ScheduleRow&, const ScheduleRow&) = default;
};

struct ScheduledChange {
    LaneMode mode = LaneMode::Normal;
    std::chrono::minutes ago{0};  // it came, by the clocks of the place
    friend bool operator==(const ScheduledChange&, const ScheduledChange&) = default;
};

// The last change at or before `local`; of two at the same minute the later row. Nothing without
// rows.
[[nodiscard]] std::optional<ScheduledChange> last_change(
    std::span<const ScheduleRow> rows, std::chrono::local_time<std::chrono::milliseconds> local);

}  // namespace stile
