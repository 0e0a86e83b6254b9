// SPDX-License-Identifier: Apache-2.0
// Looks after lines that may go away, and takes them again.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "daemon/runtime/event_loop.hpp"
#include "devices/turnstile/gpio_lines.hpp"

namespace stile::devices {

// How soon a device that is gone is tried again: twice as long after each time in vain.
struct BackOff {
    std::chrono::milliseconds first{250};
    std::chrono::milliseconds longest{5000};
};

// Opens the lines when it is made, and reads one every second: a chip that goes away does not say
// so by itself. Thread-bound to its loop.
class Upkeep {
public:
    // Called from the loop.
    struct Listener {
        std::function<void()> gone;  // once
        std::function<void()> back;  // once
    };
    Upkeep(EventLoop& loop, std::unique_ptr<GpioLines> lines, const BackOff& back_off,
           Listener listener);

    [[nodiscard]] GpioLines& lines() { return *lines_; }
    [[nodiscard]] bool here() const { return here_; }
    // Reads one now.
    void look();
    // Somebody has found that they do not work.
    void lost(std::string why);
    // Why they are gone, or were the last time.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

private:
    void try_again();

    EventLoop& loop_;
    std::unique_ptr<GpioLines> lines_;
    BackOff back_off_;
    Listener listener_;
    std::chrono::milliseconds wait_;
    bool here_ = false;
    std::string trouble_;
    EventSource looks_;
    EventSource tell_;
    EventSource again_;
};

}  // namespace stile::devices
