// SPDX-License-Identifier: Apache-2.0
// Lines of a GPIO chip as the sensors of a turnstile, or as the contact of a fire panel.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "devices/turnstile/debounce.hpp"
#include "devices/turnstile/signal.hpp"
#include "devices/turnstile/upkeep.hpp"

namespace stile::devices {

// What a line is wired to. It is active when the sensor is covered, the arm is unlocked, there is
// fire, the housing is open.
enum class InputRole : std::uint8_t { Outer, Inner, Arm, Fire, Tamper };

// Thread-bound to its loop. Tells every settled change, Gone and Back. Changes of all lines are
// told in the order in which they happened, however late the loop is.
class GpioInputs {
public:
    struct Options {
        std::vector<InputRole> roles;         // of the lines, in their order
        std::chrono::milliseconds settle{5};  // of sensors and arm
        // A fire panel and a housing are slow, and must not be believed at a spark.
        std::chrono::milliseconds slow_settle{50};
        BackOff back_off;
    };
    GpioInputs(EventLoop& loop, std::unique_ptr<GpioLines> lines, Options options);

    [[nodiscard]] bool has(InputRole role) const;
    // Looks now whether its lines are still there, and not only at their next turn.
    void look() { upkeep_.look(); }
    // Why its lines are gone, or were the last time.
    [[nodiscard]] const std::string& trouble() const { return upkeep_.trouble(); }
    // Called from the loop.
    void on_signal(std::function<void(Signal)> callback) { callback_ = std::move(callback); }

private:
    using Time = Debounce::Time;
    struct Input {
        InputRole role;
        Debounce contact;
    };
    [[nodiscard]] Debounce contact_of(InputRole role) const;
    void heard(std::size_t line, Switch to, Time at);
    void wait();
    void tell_settled();
    void tell(Signal signal) const;
    void read_all();
    void back();

    EventLoop& loop_;
    Options options_;
    std::function<void(Signal)> callback_;
    std::vector<Input> inputs_;
    EventSource first_look_;
    EventSource due_;
    EventSource turn_;  // when all edges that are there have been heard
    Upkeep upkeep_;
};

}  // namespace stile::devices
