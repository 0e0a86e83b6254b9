// SPDX-License-Identifier: Apache-2.0
// clock_gettime() and adjtimex().
#include "daemon/clock/system_clock.hpp"

#include <sys/timex.h>
#include <time.h>

namespace stile {
namespace {

using std::chrono::milliseconds;

milliseconds read(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return std::chrono::floor<milliseconds>(std::chrono::seconds{now.tv_sec} +
                                            std::chrono::nanoseconds{now.tv_nsec});
}

RawTime read_system() {
    timex about{};  // asks, and changes nothing
    const int state = ::adjtimex(&about);
    const bool synced = state >= 0 && state != TIME_ERROR && (about.status & STA_UNSYNC) == 0;
    return {.wall = WallTime{read(CLOCK_REALTIME)},
            .boot = read(CLOCK_BOOTTIME),
            .discipline = synced ? RawTime::Discipline::Synced : RawTime::Discipline::Free,
            .error = std::chrono::ceil<milliseconds>(std::chrono::microseconds{about.maxerror})};
}

}  // namespace

SystemClock::SystemClock(milliseconds assumed_error) : time_{assumed_error} {
    const WallTime built{std::chrono::seconds{STILE_BUILD_TIME}};
    time_.learn(built, built);
}

ClockReading SystemClock::now() {
    return time_.at(read_system());
}

}  // namespace stile
