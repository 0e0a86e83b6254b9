// SPDX-License-Identifier: Apache-2.0
// The system's clock and its lower bound.
#include "daemon/ledger/clock.hpp"

#include <algorithm>

#include <sys/timex.h>

namespace stile {

ClockReading SystemClock::now() const {
    timex about{};
    const int state = ::adjtimex(&about);
    const bool synced = state >= 0 && state != TIME_ERROR && (about.status & STA_UNSYNC) == 0;
    return {
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()),
        synced ? ClockQuality::Synced : ClockQuality::Unsynced};
}

ClockBounds bounds_of(const ClockReading& reading, WallTime floor) {
    const auto time = std::chrono::floor<std::chrono::seconds>(std::max(reading.time, floor));
    return {time, time};
}

WallTime build_time() {
    return WallTime{std::chrono::seconds{STILE_BUILD_TIME}};
}

}  // namespace stile
