// SPDX-License-Identifier: Apache-2.0
// Field by field; times become those of the host's monotonic clock.
#include "daemon/control/lane_view.hpp"

#include <utility>

namespace stile {
namespace {

std::uint64_t nanoseconds(SignTime time) {
    const auto since_boot =
        std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch());
    return static_cast<std::uint64_t>(since_boot.count());
}

}  // namespace

protocol::LaneView lane_view(const std::string& lane, const LaneSign& sign) {
    return {.lane = lane,
            .state = sign.state,
            .reason = sign.reason ? std::to_underlying(*sign.reason) : std::uint8_t{0},
            .direction = sign.direction,
            .people = sign.people,
            .since_ns = nanoseconds(sign.since),
            .until_ns = sign.until ? nanoseconds(*sign.until) : 0,
            .seat = sign.seat,
            .entrance = sign.entrance,
            .greeting = sign.greeting,
            .words = sign.words};
}

}  // namespace stile
