// SPDX-License-Identifier: Apache-2.0
// A turnstile without hardware: somebody passes a moment after each release, or something goes
// wrong in a way that has a name.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>

#include "daemon/runtime/event_loop.hpp"
#include "devices/turnstile/debounced_input.hpp"
#include "devices/turnstile/turnstile.hpp"

namespace stile::devices {

enum class Trouble : std::uint8_t {
    None,
    NobodyPasses,
    SlowPerson,      // five times as slow
    Tailgater,       // one more comes in behind the last
    ReverseWalker,   // against the direction of the release; needs the second sensor to be seen
    BouncingSensor,  // each change of a sensor is a burst of a kilohertz
    StuckSensor,     // it stays covered
    StuckArm,        // it does not move, and nobody can pass
    LateRelay,       // the arm moves a moment after it was told
    DeviceGone,      // it goes away at the next release, and comes back a moment later
};

// Thread-bound to its loop.
class SimulatedTurnstile final : public Turnstile {
public:
    struct Options {
        std::chrono::milliseconds passage{300};  // a person needs; zero: nobody ever passes
        Trouble trouble = Trouble::None;
        Capabilities has{.second_sensor = false, .arm_feedback = true};
        std::chrono::milliseconds settle{5};   // of the sensors' contacts
        std::chrono::milliseconds relay{200};  // that a late relay and a lost device need
    };
    SimulatedTurnstile(EventLoop& loop, const Options& options);

    [[nodiscard]] Capabilities capabilities() const override { return options_.has; }
    [[nodiscard]] Result<void> release(const Grant& grant, const ReleaseTerms& terms) override;
    [[nodiscard]] Result<void> open(Ways ways) override;
    void lock() override;

    // For whoever plays the people and the mishaps by hand.
    void walk(Direction direction);  // takes `passage`; through a locked arm too
    void bounce();                   // a sensor that nobody covers, for some milliseconds
    void unplug();
    void plug_in();
    void tell(Signal signal);  // fire and tamper

    void set_trouble(Trouble trouble) { options_.trouble = trouble; }

private:
    using Act = std::function<void()>;
    // People and mishaps are acts in a row, each some time after the one before.
    void then(std::chrono::milliseconds after, Act act);
    void wait();
    void catch_up();
    void move_arm(Signal to);
    void cover(DebouncedInput& sensor, Level level);
    [[nodiscard]] DebouncedInput& sensor(Direction side);

    EventLoop& loop_;
    Options options_;
    DebouncedInput outer_;
    DebouncedInput inner_;
    bool gone_ = false;
    std::uint32_t last_person_ = 0;
    std::uint32_t under_way_ = 0;  // who is in the passage: locking does not send them away
    struct Step {
        std::chrono::milliseconds after;
        Act act;
        std::uint32_t person;
    };
    std::deque<Step> steps_;
    std::chrono::steady_clock::time_point
        clock_;  // when the last step happened, or the first began
    EventSource next_;
    EventSource arm_;
    EventSource device_;
};

}  // namespace stile::devices
