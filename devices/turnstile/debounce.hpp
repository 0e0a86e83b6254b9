// SPDX-License-Identifier: Apache-2.0
// A contact that bounces, made into one change a change. Pure: time comes in.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace stile::devices {

enum class Level : std::uint8_t { Clear, Covered };

// A level counts once it has stood still for `settle`; what comes and goes faster never happened.
class Debounce {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit Debounce(std::chrono::milliseconds settle) : settle_{settle} {}

    // The contact has this level now. A level that it has already changes nothing.
    void raw(Level level, Time now) {
        if (level == raw_) return;
        raw_ = level;
        since_ = now;
    }
    // When to ask settled() next; nothing while no change is on its way.
    [[nodiscard]] std::optional<Time> due() const {
        return raw_ == level_ ? std::nullopt : std::optional{since_ + settle_};
    }
    // The new level, once for each change.
    [[nodiscard]] std::optional<Level> settled(Time now) {
        if (raw_ == level_ || now < since_ + settle_) return std::nullopt;
        level_ = raw_;
        return level_;
    }
    [[nodiscard]] Level level() const { return level_; }

private:
    std::chrono::milliseconds settle_;
    Level level_ = Level::Clear;  // as it was told last
    Level raw_ = Level::Clear;
    Time since_{};  // the last change of raw_
};

}  // namespace stile::devices
