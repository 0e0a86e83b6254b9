// SPDX-License-Identifier: Apache-2.0
// Leads a person, or nobody, through the steps of a lane's test.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/stilectl/lane_test.hpp"

namespace stile {

// The person at the lane, and the gate, as the dialogue needs them.
struct LaneTalk {
    enum class Heard : std::uint8_t {
        Entries,      // they are in the sights
        Nothing,      // for a moment
        Skip,         // the person pressed Enter
        Interrupted,  // they want to end it
        Gone,         // the daemon is no longer there
    };
    std::function<void(std::string_view)> say;
    std::function<void(const LaneOffer::Ticket&)> show;
    // The answer to a question, one line; nothing: there is nobody.
    std::function<std::optional<std::string>(std::string_view question)> ask;
    // Waits a moment for entries.
    std::function<Heard(LaneSights&)> listen;
    // No code is to be shown from now on.
    std::function<void()> take_away;
    std::function<std::chrono::steady_clock::time_point()> now;
};

struct LaneTestWishes {
    LaneManner manner = LaneManner::Guided;
    std::chrono::seconds each_step{60};
};

// One finding for each step that was come to, and one more when it ended before its time.
[[nodiscard]] std::vector<LaneFinding> run_lane_test(const LaneOffer& offer,
                                                     const LaneTestWishes& wishes,
                                                     const LaneTalk& talk);

}  // namespace stile
