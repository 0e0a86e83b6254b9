// SPDX-License-Identifier: Apache-2.0
// Signs into patterns of light and sound.
#include "daemon/lane_lamps.hpp"

#include <utility>

namespace stile {

using devices::LampSign;

LampSign lamp_sign_of(SignState state) {
    switch (state) {
        case SignState::Idle:
        case SignState::Closer:
        case SignState::Farther:
            return LampSign::Ready;
        case SignState::Go:
            return LampSign::Go;
        case SignState::Stop:
            return LampSign::Stop;
        case SignState::Wait:
            return LampSign::Wait;
        case SignState::Locked:
        case SignState::ExitOnly:
            return LampSign::Closed;
        case SignState::OutOfOrder:
        case SignState::Test:  // no guest should come
            return LampSign::OutOfOrder;
        case SignState::FreePassage:
            return LampSign::FreePassage;
        case SignState::Fire:
            return LampSign::Fire;
    }
    return LampSign::Ready;
}

LaneLamps::LaneLamps(const config::Site& site, SiteDevices& devices) {
    for (const config::Lane& lane : site.lanes)
        lanes_.push_back({.player = devices.lamps(lane)});
}

void LaneLamps::show(std::size_t lane, const LaneSign& sign) {
    OfLane& at = lanes_[lane];
    if (!at.player) return;
    const bool new_answer =
        std::exchange(at.heard, sign.since) != sign.since && sign.since != SignTime{};
    using Sound = devices::LampPlayer::Sound;
    at.player->show(lamp_sign_of(sign.state), new_answer ? Sound::Play : Sound::Quiet);
}

}  // namespace stile
