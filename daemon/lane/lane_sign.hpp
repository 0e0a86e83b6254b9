// SPDX-License-Identifier: Apache-2.0
// What a lane tells the people before it: one value for the display, the lamps and the buzzer.
// Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/reason.hpp"
#include "daemon/core/visit.hpp"
#include "daemon/entry/entry.hpp"
#include "daemon/lane/admission.hpp"
#include "daemon/protocol/vocabulary.hpp"

namespace stile {

using protocol::SignState;
using SignTime = std::chrono::steady_clock::time_point;

// What somebody who asked to pass was told last.
struct LaneAnswer {
    SignState state = SignState::Wait;  // Go, Stop, Wait, Closer or Farther
    std::optional<Reason> reason;       // of Go and Stop
    Direction direction = Direction::Entry;
    std::string words;     // the organiser's own, or what the policy adds to the reason
    std::string seat;      // of Go
    std::string greeting;  // of Go: a name, where the site file wants one
    SignTime at;
};

// Whom a lane is for: while it is tested, for whoever tests it.
enum class LaneUse : std::uint8_t { Guests, Test };

// A lane, as far as its sign depends on it.
struct LaneLook {
    LaneState state = LaneState::Idle;
    LaneMode mode = LaneMode::Normal;
    LaneUse use = LaneUse::Guests;
    Direction direction = Direction::Entry;
    std::uint8_t people = 1;             // who may still pass, of the open admission
    std::optional<SignTime> open_until;  // the open admission ends then
};

struct LaneSign {
    SignState state = SignState::Idle;
    std::optional<Reason> reason;            // of Go and Stop
    Direction direction = Direction::Entry;  // of the answer; of the lane where there is none
    std::uint8_t people = 1;                 // of Go: who may still pass
    std::string words;
    std::string seat;
    std::string entrance;  // its name, where the site file gives one
    std::string greeting;
    SignTime since;                 // the answer's time, which tells two answers apart; 0: none
    std::optional<SignTime> until;  // then it is another one, if nothing happens before
    friend bool operator==(const LaneSign&, const LaneSign&) = default;
};

// How long an answer stands when nothing else happens; Go stands as long as the lane is open.
inline constexpr std::chrono::milliseconds kStopStands{5'000};
inline constexpr std::chrono::milliseconds kWaitStands{2'000};
inline constexpr std::chrono::milliseconds kHintStands{1'500};

// Fire, free passage and a lane that is out of order or locked come before every answer; no answer
// says Go while the turnstile is shut. Total. `entrance` is left to the caller.
[[nodiscard]] LaneSign sign_of(const LaneLook& lane, const std::optional<LaneAnswer>& answer,
                               SignTime now);

// "idle", "go", "stop", "wait", "closer", "farther", "locked", "exit-only", "out-of-order",
// "free-passage", "fire", "test"
[[nodiscard]] std::string_view name_of(SignState state);
// Where its text stands in a table of languages: the reason's code, or the state's name.
[[nodiscard]] std::string_view text_key(const LaneSign& sign);

}  // namespace stile
