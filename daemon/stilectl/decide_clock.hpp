// SPDX-License-Identifier: Apache-2.0
// A clock that scripts of scans may set: the host's until then.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "daemon/clock/clock.hpp"

namespace stile {

class DecideClock final : public Clock {
public:
    [[nodiscard]] ClockReading now() override {
        const WallTime time = this->time();
        return {time, ClockQuality::Synced, {time, time}, ClockDoubt::None};
    }
    void learn(WallTime, WallTime) override {}

    [[nodiscard]] WallTime time() const { return (set_ ? *set_ : host()) + ahead_; }
    void set(WallTime time) {
        set_ = time;
        ahead_ = {};
    }
    void advance(std::chrono::milliseconds by) { ahead_ += by; }

private:
    static WallTime host() {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
    std::optional<WallTime> set_;
    std::chrono::milliseconds ahead_{0};
};

}  // namespace stile
