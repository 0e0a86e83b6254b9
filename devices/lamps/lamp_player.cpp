// SPDX-License-Identifier: Apache-2.0
// One timer for the light and one for the sound.
#include "devices/lamps/lamp_player.hpp"

#include <algorithm>
#include <utility>

namespace stile::devices {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBetweenFlashes{334};  // three a second

}  // namespace

LampPlayer::LampPlayer(EventLoop& loop, std::unique_ptr<Outputs> outputs, const Outlets& outlets)
    : loop_{loop}, outputs_{std::move(outputs)}, outlets_{outlets} {
    outputs_->listen({.switched = {}, .gone = {}, .back = [this] { light(); }});
}

LampPlayer::~LampPlayer() {
    for (const auto outlet : {outlets_.go, outlets_.stop, outlets_.buzzer})
        put(outlet, Switch::Off);
}

void LampPlayer::show(LampSign sign, Sound sound) {
    if (std::exchange(sign_, sign) != sign) light();
    if (sound == Sound::Quiet) return;
    sound_ = {.rhythm = pattern_of(sign).sound};
    play_sound();
}

void LampPlayer::light() {
    put(outlets_.go, Switch::Off);
    put(outlets_.stop, Switch::Off);
    light_ = {.rhythm = pattern_of(sign_).light};
    if (light_.rhythm.count == 0) return;
    const auto left =
        std::chrono::ceil<milliseconds>(lit_ + kBetweenFlashes - std::chrono::steady_clock::now());
    if (left <= milliseconds{0}) return play_light();
    light_.timer = loop_.after(left, [this] { play_light(); });
}

void LampPlayer::play_light() {
    const bool on = light_.beat % 2 == 0;
    const auto lamp = pattern_of(sign_).lamp == Lamp::Go ? outlets_.go : outlets_.stop;
    put(lamp, on ? Switch::On : Switch::Off);
    if (on) lit_ = std::chrono::steady_clock::now();
    if (light_.rhythm.count == 1) return;
    const milliseconds beat{light_.rhythm.beats[light_.beat]};
    light_.beat = static_cast<std::uint8_t>((light_.beat + 1) % light_.rhythm.count);
    light_.timer = loop_.after(beat, [this] { play_light(); });
}

void LampPlayer::play_sound() {
    if (sound_.beat == sound_.rhythm.count) return put(outlets_.buzzer, Switch::Off);
    put(outlets_.buzzer, sound_.beat % 2 == 0 ? Switch::On : Switch::Off);
    const milliseconds beat{sound_.rhythm.beats[sound_.beat]};
    ++sound_.beat;
    sound_.timer = loop_.after(beat, [this] { play_sound(); });
}

void LampPlayer::put(std::optional<std::size_t> outlet, Switch to) {
    if (outlet) (void)outputs_->set(*outlet, to);  // one that is gone is told again when it is back
}

}  // namespace stile::devices
