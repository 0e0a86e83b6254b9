// SPDX-License-Identifier: Apache-2.0
// The states of one lane and every edge between them, as one table. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace stile {

// One admission at a time: Released -> Passing -> Released ... until all of its people have passed,
// or the time is over. Then the arm is locked FIRST (Closing), and whoever is under way through it
// in the moment after that (Finishing) still counts: an arm that has begun to turn cannot be taken
// back.
enum class LaneState : std::uint8_t {
    Idle,        // locked, nobody is admitted
    Released,    // open for the people of one admission
    Passing,     // and one of them covers the sensor
    Closing,     // the time is over and the arm is locked; what became of it is told in a moment
    Finishing,   // the same, and somebody is under way
    Free,        // open for everybody
    Fire,        // open for everybody, and nobody can close it
    Locked,      // by the staff
    OutOfOrder,  // by the staff, or the device is gone
    Last = OutOfOrder,
    Rest  // in the table: the state that mode, fire and device ask for when nobody is admitted
};

enum class LaneInput : std::uint8_t {
    Release,     // an admission is durable and the arm is open
    Covered,     // somebody is in the passage
    Passed,      // they went through, and more of the admission may follow
    PassedLast,  // they went through, and nobody may follow
    PassedBack,  // they went through against the direction of the admission
    Withdrawn,   // they stepped back
    SensorStuck,
    TimeOut,
    GraceOver,
    ModeSet,
    FireOn,
    FireOff,
    Gone,
    Back,
    Last = Back
};

enum class LaneAction : std::uint8_t {
    None,
    Begin,         // of an admission
    GiveBack,      // the new admission ends at once, as if nobody had passed
    Count,         // one more has passed
    CountAndEnd,   // one more has passed, and that is all
    End,           // by the number of those who passed: none of them gives the ticket back
    EndPresumed,   // nobody can say who passed: all of them
    Relock,        // before anything is decided
    TellReverse,   // somebody went the wrong way
    TellUnasked,   // somebody went through a locked turnstile
    CountFree,     // somebody passed an open turnstile
    CommandAgain,  // the device forgot what it was told
};

struct LaneEdge {
    LaneState from = LaneState::Idle;
    LaneInput input = LaneInput::Release;
    LaneState to = LaneState::Idle;
    LaneAction action = LaneAction::None;
};

// Total: every state has an edge for every input. Not for Rest, which is no state of its own.
[[nodiscard]] const LaneEdge& edge(LaneState from, LaneInput input);

// "idle", "released", "passing", "closing", "finishing", "free", "fire", "locked", "out-of-order"
[[nodiscard]] std::string_view name_of(LaneState state);

}  // namespace stile
