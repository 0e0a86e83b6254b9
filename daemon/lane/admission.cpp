// SPDX-License-Identifier: Apache-2.0
// The table: one line an edge, in the order of states and inputs.
#include "daemon/lane/admission.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace stile {
namespace {

using S = LaneState;
using I = LaneInput;
using A = LaneAction;

constexpr std::size_t kStates = std::to_underlying(S::Last) + 1;
constexpr std::size_t kInputs = std::to_underlying(I::Last) + 1;

constexpr LaneEdge kTable[] = {
    {S::Idle, I::Release, S::Released, A::Begin},
    {S::Idle, I::Covered, S::Idle, A::None},
    {S::Idle, I::Passed, S::Idle, A::TellUnasked},
    {S::Idle, I::PassedLast, S::Idle, A::TellUnasked},
    {S::Idle, I::PassedBack, S::Idle, A::TellUnasked},
    {S::Idle, I::Withdrawn, S::Idle, A::None},
    {S::Idle, I::SensorStuck, S::Idle, A::None},
    {S::Idle, I::TimeOut, S::Idle, A::None},
    {S::Idle, I::GraceOver, S::Idle, A::None},
    {S::Idle, I::ModeSet, S::Rest, A::None},
    {S::Idle, I::FireOn, S::Rest, A::None},
    {S::Idle, I::FireOff, S::Idle, A::None},
    {S::Idle, I::Gone, S::Rest, A::None},
    {S::Idle, I::Back, S::Rest, A::CommandAgain},

    {S::Released, I::Release, S::Released, A::GiveBack},
    {S::Released, I::Covered, S::Passing, A::None},
    {S::Released, I::Passed, S::Released, A::Count},
    {S::Released, I::PassedLast, S::Rest, A::CountAndEnd},
    {S::Released, I::PassedBack, S::Released, A::TellReverse},
    {S::Released, I::Withdrawn, S::Released, A::None},
    {S::Released, I::SensorStuck, S::Released, A::None},
    {S::Released, I::TimeOut, S::Closing, A::Relock},
    {S::Released, I::GraceOver, S::Released, A::None},
    {S::Released, I::ModeSet, S::Released, A::None},
    {S::Released, I::FireOn, S::Rest, A::End},
    {S::Released, I::FireOff, S::Released, A::None},
    {S::Released, I::Gone, S::Rest, A::EndPresumed},
    {S::Released, I::Back, S::Released, A::None},

    {S::Passing, I::Release, S::Passing, A::GiveBack},
    {S::Passing, I::Covered, S::Passing, A::None},
    {S::Passing, I::Passed, S::Released, A::Count},
    {S::Passing, I::PassedLast, S::Rest, A::CountAndEnd},
    {S::Passing, I::PassedBack, S::Released, A::TellReverse},
    {S::Passing, I::Withdrawn, S::Released, A::None},
    {S::Passing, I::SensorStuck, S::Passing, A::None},
    {S::Passing, I::TimeOut, S::Finishing, A::Relock},
    {S::Passing, I::GraceOver, S::Passing, A::None},
    {S::Passing, I::ModeSet, S::Passing, A::None},
    {S::Passing, I::FireOn, S::Rest, A::End},
    {S::Passing, I::FireOff, S::Passing, A::None},
    {S::Passing, I::Gone, S::Rest, A::EndPresumed},
    {S::Passing, I::Back, S::Passing, A::None},

    {S::Closing, I::Release, S::Closing, A::GiveBack},
    {S::Closing, I::Covered, S::Finishing, A::None},
    {S::Closing, I::Passed, S::Rest, A::CountAndEnd},
    {S::Closing, I::PassedLast, S::Rest, A::CountAndEnd},
    {S::Closing, I::PassedBack, S::Closing, A::TellReverse},
    {S::Closing, I::Withdrawn, S::Closing, A::None},
    {S::Closing, I::SensorStuck, S::Rest, A::EndPresumed},
    {S::Closing, I::TimeOut, S::Closing, A::None},
    {S::Closing, I::GraceOver, S::Rest, A::End},
    {S::Closing, I::ModeSet, S::Closing, A::None},
    {S::Closing, I::FireOn, S::Rest, A::End},
    {S::Closing, I::FireOff, S::Closing, A::None},
    {S::Closing, I::Gone, S::Rest, A::EndPresumed},
    {S::Closing, I::Back, S::Closing, A::None},

    {S::Finishing, I::Release, S::Finishing, A::GiveBack},
    {S::Finishing, I::Covered, S::Finishing, A::None},
    {S::Finishing, I::Passed, S::Rest, A::CountAndEnd},
    {S::Finishing, I::PassedLast, S::Rest, A::CountAndEnd},
    {S::Finishing, I::PassedBack, S::Closing, A::TellReverse},
    {S::Finishing, I::Withdrawn, S::Closing, A::None},
    {S::Finishing, I::SensorStuck, S::Rest, A::EndPresumed},
    {S::Finishing, I::TimeOut, S::Finishing, A::None},
    {S::Finishing, I::GraceOver, S::Finishing, A::None},
    {S::Finishing, I::ModeSet, S::Finishing, A::None},
    {S::Finishing, I::FireOn, S::Rest, A::End},
    {S::Finishing, I::FireOff, S::Finishing, A::None},
    {S::Finishing, I::Gone, S::Rest, A::EndPresumed},
    {S::Finishing, I::Back, S::Finishing, A::None},

    {S::Free, I::Release, S::Free, A::GiveBack},
    {S::Free, I::Covered, S::Free, A::None},
    {S::Free, I::Passed, S::Free, A::CountFree},
    {S::Free, I::PassedLast, S::Free, A::CountFree},
    {S::Free, I::PassedBack, S::Free, A::CountFree},
    {S::Free, I::Withdrawn, S::Free, A::None},
    {S::Free, I::SensorStuck, S::Free, A::None},
    {S::Free, I::TimeOut, S::Free, A::None},
    {S::Free, I::GraceOver, S::Free, A::None},
    {S::Free, I::ModeSet, S::Rest, A::None},
    {S::Free, I::FireOn, S::Rest, A::None},
    {S::Free, I::FireOff, S::Free, A::None},
    {S::Free, I::Gone, S::Rest, A::None},
    {S::Free, I::Back, S::Rest, A::CommandAgain},

    {S::Fire, I::Release, S::Fire, A::GiveBack},
    {S::Fire, I::Covered, S::Fire, A::None},
    {S::Fire, I::Passed, S::Fire, A::CountFree},
    {S::Fire, I::PassedLast, S::Fire, A::CountFree},
    {S::Fire, I::PassedBack, S::Fire, A::CountFree},
    {S::Fire, I::Withdrawn, S::Fire, A::None},
    {S::Fire, I::SensorStuck, S::Fire, A::None},
    {S::Fire, I::TimeOut, S::Fire, A::None},
    {S::Fire, I::GraceOver, S::Fire, A::None},
    {S::Fire, I::ModeSet, S::Rest, A::None},
    {S::Fire, I::FireOn, S::Rest, A::None},
    {S::Fire, I::FireOff, S::Rest, A::None},
    {S::Fire, I::Gone, S::Rest, A::None},
    {S::Fire, I::Back, S::Rest, A::CommandAgain},

    {S::Locked, I::Release, S::Released, A::Begin},
    {S::Locked, I::Covered, S::Locked, A::None},
    {S::Locked, I::Passed, S::Locked, A::TellUnasked},
    {S::Locked, I::PassedLast, S::Locked, A::TellUnasked},
    {S::Locked, I::PassedBack, S::Locked, A::TellUnasked},
    {S::Locked, I::Withdrawn, S::Locked, A::None},
    {S::Locked, I::SensorStuck, S::Locked, A::None},
    {S::Locked, I::TimeOut, S::Locked, A::None},
    {S::Locked, I::GraceOver, S::Locked, A::None},
    {S::Locked, I::ModeSet, S::Rest, A::None},
    {S::Locked, I::FireOn, S::Rest, A::None},
    {S::Locked, I::FireOff, S::Locked, A::None},
    {S::Locked, I::Gone, S::Rest, A::None},
    {S::Locked, I::Back, S::Rest, A::CommandAgain},

    {S::OutOfOrder, I::Release, S::OutOfOrder, A::GiveBack},
    {S::OutOfOrder, I::Covered, S::OutOfOrder, A::None},
    {S::OutOfOrder, I::Passed, S::OutOfOrder, A::TellUnasked},
    {S::OutOfOrder, I::PassedLast, S::OutOfOrder, A::TellUnasked},
    {S::OutOfOrder, I::PassedBack, S::OutOfOrder, A::TellUnasked},
    {S::OutOfOrder, I::Withdrawn, S::OutOfOrder, A::None},
    {S::OutOfOrder, I::SensorStuck, S::OutOfOrder, A::None},
    {S::OutOfOrder, I::TimeOut, S::OutOfOrder, A::None},
    {S::OutOfOrder, I::GraceOver, S::OutOfOrder, A::None},
    {S::OutOfOrder, I::ModeSet, S::Rest, A::None},
    {S::OutOfOrder, I::FireOn, S::Rest, A::None},
    {S::OutOfOrder, I::FireOff, S::OutOfOrder, A::None},
    {S::OutOfOrder, I::Gone, S::Rest, A::None},
    {S::OutOfOrder, I::Back, S::Rest, A::CommandAgain},
};

// No pair is missing, doubled or out of its place.
constexpr bool complete() {
    if (std::size(kTable) != kStates * kInputs) return false;
    for (std::size_t i = 0; i < std::size(kTable); ++i) {
        if (std::to_underlying(kTable[i].from) != i / kInputs) return false;
        if (std::to_underlying(kTable[i].input) != i % kInputs) return false;
    }
    return true;
}
static_assert(complete());

}  // namespace

const LaneEdge& edge(LaneState from, LaneInput input) {
    return kTable[std::to_underlying(from) * kInputs + std::to_underlying(input)];
}

std::string_view name_of(LaneState state) {
    switch (state) {
        case S::Idle:
        case S::Rest:
            return "idle";
        case S::Released:
            return "released";
        case S::Passing:
            return "passing";
        case S::Closing:
            return "closing";
        case S::Finishing:
            return "finishing";
        case S::Free:
            return "free";
        case S::Fire:
            return "fire";
        case S::Locked:
            return "locked";
        case S::OutOfOrder:
            return "out-of-order";
    }
    return "idle";
}

}  // namespace stile
