// SPDX-License-Identifier: Apache-2.0
// What is needed of the lines of a GPIO chip.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "crypto/base/result.hpp"
#include "devices/turnstile/outputs.hpp"

namespace stile::devices {

struct GpioLine {
    enum class Active : std::uint8_t { High, Low };
    std::string name;  // digits: its number at the chip; anything else: the name of the line
    Active active = Active::High;
    friend bool operator==(const GpioLine&, const GpioLine&) = default;
};

struct GpioRequest {
    enum class Way : std::uint8_t { Inputs, Outputs };
    enum class Bias : std::uint8_t { AsIs, PullUp, PullDown };
    std::string chip;  // "gpiochip0", its label, or a path
    std::vector<GpioLine> lines;
    Way way = Way::Inputs;
    Bias bias = Bias::AsIs;  // of inputs
};

// Lines are counted from 0 in the order of the request; `On` is a line that is active. Thread-bound
// to its loop. A function is a system call or two: microseconds at a controller's own lines.
class GpioLines {
public:
    using Time = std::chrono::steady_clock::time_point;
    virtual ~GpioLines() = default;

    // Takes all lines for this program; outputs are off. Errors: NotFound (no such chip or line),
    // Denied, Io (another program has a line).
    [[nodiscard]] virtual Result<void> open() = 0;
    // Gives them back. What an output does then is the chip's affair (WIRING.md). Not from inside
    // the callbacks.
    virtual void close() = 0;
    // Reads back what it has set. Errors: Closed (not open, or the chip is gone), Io (the line does
    // not do it).
    [[nodiscard]] virtual Result<void> set(std::size_t line, Switch to) = 0;
    // Errors: Closed.
    [[nodiscard]] virtual Result<Switch> get(std::size_t line) = 0;

    // Called from the loop: for every edge of an input, with the level after it and the moment at
    // which it happened (the loop may be late), and when the chip went away. Edges may be lost in a
    // storm, but never the level after the last one.
    void on_edge(std::function<void(std::size_t line, Switch to, Time at)> callback) {
        edge_ = std::move(callback);
    }
    void on_fault(std::function<void()> callback) { fault_ = std::move(callback); }

protected:
    void tell_edge(std::size_t line, Switch to, Time at) const {
        if (edge_) edge_(line, to, at);
    }
    void tell_fault() const {
        if (fault_) fault_();
    }

private:
    std::function<void(std::size_t, Switch, Time)> edge_;
    std::function<void()> fault_;
};

}  // namespace stile::devices
