// SPDX-License-Identifier: Apache-2.0
// The lane's state first, then the last answer while it stands, then the mode.
#include "daemon/lane/lane_sign.hpp"

namespace stile {
namespace {

LaneSign plain(SignState state, const LaneLook& lane) {
    return {.state = state, .direction = lane.direction};
}

LaneSign from(const LaneAnswer& answer) {
    return {.state = answer.state,
            .reason = answer.reason,
            .direction = answer.direction,
            .words = answer.words,
            .since = answer.at};
}

// Staff can open a lane without any scan: that is a Go as well.
LaneSign go(const LaneLook& lane, const std::optional<LaneAnswer>& answer) {
    LaneSign sign = plain(SignState::Go, lane);
    if (answer && answer->state == SignState::Go) {
        sign = from(*answer);
        sign.seat = answer->seat;
        sign.greeting = answer->greeting;
    }
    if (!sign.reason) sign.reason = Reason::Valid;
    sign.people = lane.people;
    sign.until = lane.open_until;
    return sign;
}

std::chrono::milliseconds stands(SignState state) {
    switch (state) {
        case SignState::Stop:
            return kStopStands;
        case SignState::Wait:
            return kWaitStands;
        case SignState::Closer:
        case SignState::Farther:
            return kHintStands;
        case SignState::Idle:
        case SignState::Go:
        case SignState::Locked:
        case SignState::ExitOnly:
        case SignState::OutOfOrder:
        case SignState::FreePassage:
        case SignState::Fire:
        case SignState::Test:
            return {};
    }
    return {};
}

LaneSign at_rest(const LaneLook& lane, const std::optional<LaneAnswer>& answer, SignTime now) {
    if (answer) {
        const SignTime end = answer->at + stands(answer->state);
        LaneSign sign = from(*answer);
        sign.until = end;
        if (now < end) return sign;
    }
    if (lane.use == LaneUse::Test) return plain(SignState::Test, lane);
    const bool no_entry = lane.mode == LaneMode::ExitOnly && lane.direction == Direction::Entry;
    return plain(no_entry ? SignState::ExitOnly : SignState::Idle, lane);
}

}  // namespace

LaneSign sign_of(const LaneLook& lane, const std::optional<LaneAnswer>& answer, SignTime now) {
    switch (lane.state) {
        case LaneState::Released:
        case LaneState::Passing:
            return go(lane, answer);
        case LaneState::Closing:
        case LaneState::Finishing:
            return plain(SignState::Wait, lane);
        case LaneState::Free:
            return plain(SignState::FreePassage, lane);
        case LaneState::Fire:
            return plain(SignState::Fire, lane);
        case LaneState::Locked:
            return plain(SignState::Locked, lane);
        case LaneState::OutOfOrder:
            return plain(SignState::OutOfOrder, lane);
        case LaneState::Idle:
        case LaneState::Rest:
            break;
    }
    return at_rest(lane, answer, now);
}

std::string_view name_of(SignState state) {
    switch (state) {
        case SignState::Idle:
            return "idle";
        case SignState::Go:
            return "go";
        case SignState::Stop:
            return "stop";
        case SignState::Wait:
            return "wait";
        case SignState::Closer:
            return "closer";
        case SignState::Farther:
            return "farther";
        case SignState::Locked:
            return "locked";
        case SignState::ExitOnly:
            return "exit-only";
        case SignState::OutOfOrder:
            return "out-of-order";
        case SignState::FreePassage:
            return "free-passage";
        case SignState::Fire:
            return "fire";
        case SignState::Test:
            return "test";
    }
    return "idle";
}

std::string_view text_key(const LaneSign& sign) {
    const bool by_reason = sign.state == SignState::Go || sign.state == SignState::Stop;
    return by_reason && sign.reason ? text_of(*sign.reason).code : name_of(sign.state);
}

}  // namespace stile
