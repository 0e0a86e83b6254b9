// SPDX-License-Identifier: Apache-2.0
// Looks back over one week.
#include "daemon/lane/schedule.hpp"

namespace stile {
namespace {

using std::chrono::days;
using std::chrono::minutes;

// How long ago the row came last; nothing if it has no day.
std::optional<minutes> ago(const ScheduleRow& row, minutes now, unsigned today) {
    for (unsigned back = 0; back <= 7; ++back) {
        const unsigned day = (today + 7 - back) % 7;
        const minutes since = now + days{back} - row.minute;
        if (((row.days >> day) & 1U) != 0 && since >= minutes{0}) return since;
    }
    return std::nullopt;
}

}  // namespace

std::optional<ScheduledChange> last_change(
    std::span<const ScheduleRow> rows, std::chrono::local_time<std::chrono::milliseconds> local) {
    const auto date = std::chrono::floor<days>(local);
    const auto now = std::chrono::floor<minutes>(local - date);
    const unsigned today = std::chrono::weekday{date}.iso_encoding() - 1;
    std::optional<ScheduledChange> last;
    for (const ScheduleRow& row : rows) {
        const auto since = ago(row, now, today);
        if (since && (!last || *since <= last->ago)) last = {row.mode, *since};
    }
    return last;
}

}  // namespace stile
