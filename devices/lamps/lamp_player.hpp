// SPDX-License-Identifier: Apache-2.0
// Plays the patterns of one lane on its lamps and its buzzer.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "daemon/runtime/event_loop.hpp"
#include "devices/lamps/pattern.hpp"
#include "devices/turnstile/outputs.hpp"

namespace stile::devices {

// Thread-bound to its loop. Lamps that are gone stay dark, and nobody is refused for that.
class LampPlayer {
public:
    // Which output is which; nothing: the lane has none.
    struct Outlets {
        std::optional<std::size_t> go;
        std::optional<std::size_t> stop;
        std::optional<std::size_t> buzzer;
    };
    enum class Sound : std::uint8_t { Quiet, Play };

    LampPlayer(EventLoop& loop, std::unique_ptr<Outputs> outputs, const Outlets& outlets);
    // Leaves everything off.
    ~LampPlayer();
    LampPlayer(const LampPlayer&) = delete;
    LampPlayer& operator=(const LampPlayer&) = delete;

    // A sign that is shown already goes on in its rhythm. A lamp never goes on twice within a third
    // of a second, however fast the signs change.
    void show(LampSign sign, Sound sound);

private:
    using Time = std::chrono::steady_clock::time_point;
    // One rhythm on its way.
    struct Track {
        Rhythm rhythm;
        std::uint8_t beat = 0;
        EventSource timer;
    };
    void light();
    void play_light();
    void play_sound();
    void put(std::optional<std::size_t> outlet, Switch to);

    EventLoop& loop_;
    std::unique_ptr<Outputs> outputs_;
    Outlets outlets_;
    LampSign sign_ = LampSign::Ready;
    Track light_;
    Track sound_;
    Time lit_;  // a lamp went on last
};

}  // namespace stile::devices
