// SPDX-License-Identifier: Apache-2.0
// The system clock and adjtimex.
#include "sync/uplink/wall_clock.hpp"

#include <sys/timex.h>

namespace stile::sync {

Stamp wall_clock() {
    timex state{};  // modes = 0: only reads
    const int result = ::adjtimex(&state);
    const bool synced = result >= 0 && result != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
    return {std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()),
            synced ? ClockQuality::Synced : ClockQuality::Unsynced};
}

}  // namespace stile::sync
