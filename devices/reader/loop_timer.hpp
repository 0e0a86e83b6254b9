// SPDX-License-Identifier: Apache-2.0
// The clock and one alarm of an event loop.
#pragma once

#include <algorithm>
#include <functional>
#include <utility>

#include "daemon/runtime/event_loop.hpp"
#include "devices/ccid/timer.hpp"

namespace stile::devices {

class LoopTimer final : public Timer {
public:
    // Borrows the loop.
    LoopTimer(EventLoop& loop, std::function<void()> on_alarm)
        : loop_{loop}, on_alarm_{std::move(on_alarm)} {}

    [[nodiscard]] Time now() const override { return Time{EventLoop::monotonic_ns()}; }
    void wake_at(Time when) override {
        if (armed_ && when == when_) return;
        when_ = when;
        const auto delay = std::chrono::ceil<std::chrono::milliseconds>(when - now());
        armed_ = loop_.after(std::max(delay, std::chrono::milliseconds{0}), [this] {
            armed_.reset();
            on_alarm_();
        });
    }

private:
    EventLoop& loop_;
    std::function<void()> on_alarm_;
    EventSource armed_;
    Time when_{};
};

}  // namespace stile::devices
