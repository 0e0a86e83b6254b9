// SPDX-License-Identifier: Apache-2.0
// The calendar and the clock on the wall of one place.
#pragma once

#include <chrono>
#include <cstddef>
#include <utility>

#include "crypto/base/zone_table.hpp"
#include "daemon/core/visit.hpp"

namespace stile {

using LocalTime = std::chrono::local_time<std::chrono::milliseconds>;

// A plain value; UTC until it is given a table. Total: moments outside the years 0 to 9999 are
// taken as the nearest inside. Allocates nothing after it was made.
class Zone {
public:
    Zone() = default;
    explicit Zone(ZoneTable table) : table_{std::move(table)} {}

    [[nodiscard]] LocalTime local(WallTime time) const;
    [[nodiscard]] std::chrono::local_days date(WallTime time) const;
    // Monday is 1, Sunday 7.
    [[nodiscard]] unsigned iso_weekday(WallTime time) const;

    // When the clocks show `local`: the first time, if they do so twice; one hour earlier than
    // asked (or more, in whole hours), if they jump over it.
    [[nodiscard]] WallTime instant(LocalTime local) const;
    // The first moment of that day, also where it does not begin at midnight.
    [[nodiscard]] WallTime start_of_day(std::chrono::local_days date) const;

private:
    // The stretch between two changes; number 0 is before the first change.
    struct Stretch {
        std::chrono::sys_seconds begin;
        std::chrono::sys_seconds end;
        std::chrono::seconds offset;
    };
    [[nodiscard]] std::size_t number_at(std::chrono::sys_seconds time) const;
    [[nodiscard]] Stretch stretch(std::size_t number) const;

    ZoneTable table_;
};

}  // namespace stile
