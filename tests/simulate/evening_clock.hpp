// SPDX-License-Identifier: Apache-2.0
// The time of a simulated evening: a wall clock that runs faster than that of the machine.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/clock/clock.hpp"

namespace stile::simulate {

// A value: programs that were given the same one agree on the time.
class EveningClock {
public:
    // It is `start` when the machine's monotonic clock says `origin`.
    EveningClock(WallTime start, std::chrono::nanoseconds origin, int speed)
        : start_{start}, origin_{origin}, speed_{speed} {}
    // Runs from now on.
    [[nodiscard]] static EveningClock from_now(WallTime start, int speed);

    [[nodiscard]] WallTime now() const;
    // How long that takes in truth, for timers; nothing when it is past.
    [[nodiscard]] std::chrono::milliseconds until(WallTime moment) const;
    [[nodiscard]] int speed() const { return speed_; }

    // As an argument of a program.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] static std::optional<EveningClock> parse(std::string_view text);
    friend bool operator==(const EveningClock&, const EveningClock&) = default;

private:
    WallTime start_;
    std::chrono::nanoseconds origin_;
    int speed_;
};

// What a gate believes in: a synchronised clock that shows the evening's time.
class SimulatedClock final : public Clock {
public:
    explicit SimulatedClock(const EveningClock& evening) : evening_{evening} {}
    [[nodiscard]] ClockReading now() override;
    void learn(WallTime /*certain*/, WallTime /*latest*/) override {}  // nothing to doubt it by

private:
    EveningClock evening_;
};

}  // namespace stile::simulate
