// SPDX-License-Identifier: Apache-2.0
// One bouncing input of a device on the event loop.
#pragma once

#include <algorithm>
#include <functional>
#include <utility>

#include "daemon/runtime/event_loop.hpp"
#include "devices/turnstile/debounce.hpp"

namespace stile::devices {

// Thread-bound to its loop. Tells each settled change from the loop, never from inside edge().
class DebouncedInput {
public:
    // `catch_up` is called before a level counts as settled: to tell the edges that are late.
    DebouncedInput(EventLoop& loop, std::chrono::milliseconds settle,
                   std::function<void()> catch_up, std::function<void(Level)> changed)
        : loop_{loop},
          debounce_{settle},
          catch_up_{std::move(catch_up)},
          changed_{std::move(changed)} {}

    // In the order of their times, however late.
    void edge(Level level, Debounce::Time at) {
        debounce_.edge(level, at);
        wait();
    }
    [[nodiscard]] Level level() const { return debounce_.level(); }

private:
    void wait() {
        const auto due = debounce_.due();
        if (!due) return timer_.reset();
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(*due - std::chrono::steady_clock::now());
        timer_ = loop_.after(std::max(left, std::chrono::milliseconds{0}), [this] { look(); });
    }
    void look() {
        catch_up_();
        for (const auto& change : debounce_.settled(std::chrono::steady_clock::now()))
            changed_(change.level);
        wait();
    }

    EventLoop& loop_;
    Debounce debounce_;
    std::function<void()> catch_up_;
    std::function<void(Level)> changed_;
    EventSource timer_;
};

}  // namespace stile::devices
