// SPDX-License-Identifier: Apache-2.0
// Does the arm do what it was told? Pure: time comes in.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace stile {

// For an arm that tells its position; of any other nothing is expected.
class ArmWatch {
public:
    using Time = std::chrono::steady_clock::time_point;
    enum class Position : std::uint8_t { Locked, Unlocked };
    enum class Finding : std::uint8_t { Stuck, Free };
    static constexpr std::chrono::milliseconds kPatience{1000};

    void command(Position position, Time now) {
        wanted_ = position;
        if (seen_ != wanted_ && !stuck_) due_ = now + kPatience;
        if (seen_ == wanted_) due_.reset();
    }
    [[nodiscard]] std::optional<Finding> seen(Position position) {
        seen_ = position;
        if (seen_ != wanted_) return std::nullopt;
        due_.reset();
        if (!stuck_) return std::nullopt;
        stuck_ = false;
        return Finding::Free;
    }
    [[nodiscard]] std::optional<Finding> tick(Time now) {
        if (!due_ || now < *due_) return std::nullopt;
        due_.reset();
        stuck_ = true;
        return Finding::Stuck;
    }
    [[nodiscard]] std::optional<Time> due() const { return due_; }
    // The device is gone: nothing is expected of it.
    void forget() {
        due_.reset();
        stuck_ = false;
    }

private:
    Position wanted_ = Position::Locked;
    Position seen_ = Position::Locked;
    std::optional<Time> due_;
    bool stuck_ = false;
};

}  // namespace stile
