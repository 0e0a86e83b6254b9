// SPDX-License-Identifier: Apache-2.0
// Words for what is wrong with the clock.
#include "daemon/clock/clock.hpp"

namespace stile {

std::string_view name_of(ClockDoubt doubt) {
    switch (doubt) {
        case ClockDoubt::None:
            return "";
        case ClockDoubt::Behind:
            return "behind";
        case ClockDoubt::Ahead:
            return "ahead";
        case ClockDoubt::Stepped:
            return "stepped";
    }
    return "";
}

std::string_view advice_on(ClockDoubt doubt) {
    switch (doubt) {
        case ClockDoubt::None:
            return "";
        case ClockDoubt::Behind:
            return "The system clock is before the newest entry of the ledger. Connect a time "
                   "server or set the clock; is the battery of the hardware clock empty?";
        case ClockDoubt::Ahead:
            return "The system clock is years after the newest entry of the ledger. Connect a time "
                   "server or set the clock.";
        case ClockDoubt::Stepped:
            return "The system clock was set while the gate runs, and no time server stands behind "
                   "it; the gate counts on by itself. If the new time is right, restart stiled.";
    }
    return "";
}

}  // namespace stile
