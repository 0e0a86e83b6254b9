// SPDX-License-Identifier: Apache-2.0
// One bouncing input of a device on the event loop.
#pragma once

#include <algorithm>
#include <functional>
#include <utility>

#include "daemon/runtime/event_loop.hpp"
#include "devices/turnstile/debounce.hpp"

namespace stile::devices {

// Thread-bound to its loop. Tells each settled change from the loop, never from inside raw().
class DebouncedInput {
public:
    DebouncedInput(EventLoop& loop, std::chrono::milliseconds settle,
                   std::function<void(Level)> changed)
        : loop_{loop}, debounce_{settle}, changed_{std::move(changed)} {}

    void raw(Level level) {
        debounce_.raw(level, std::chrono::steady_clock::now());
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
        for (const auto& change : debounce_.settled(std::chrono::steady_clock::now()))
            changed_(change.level);
        wait();
    }

    EventLoop& loop_;
    Debounce debounce_;
    std::function<void(Level)> changed_;
    EventSource timer_;
};

}  // namespace stile::devices
