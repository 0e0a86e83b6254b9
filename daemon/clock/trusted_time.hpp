// SPDX-License-Identifier: Apache-2.0
// The states of the clock (CLOCK.md): what is believed of what the system says.
#pragma once

#include <chrono>
#include <optional>

#include "daemon/clock/clock.hpp"

namespace stile {

// What the system says at one moment.
struct RawTime {
    enum class Discipline { Synced, Free };

    WallTime wall;
    std::chrono::milliseconds boot{};  // since boot, sleep included; nobody can set it
    Discipline discipline = Discipline::Free;
    std::chrono::milliseconds error{};  // of a synced clock, by the kernel's own estimate
};

// A pure state machine. Thread-bound.
class TrustedTime {
public:
    // `assumed_error`: how far an undisciplined clock may be off while it is believed.
    explicit TrustedTime(std::chrono::milliseconds assumed_error) : assumed_error_{assumed_error} {}

    void learn(WallTime certain, WallTime latest);
    // Call with the readings in their order.
    [[nodiscard]] ClockReading at(const RawTime& raw);

private:
    // The reading from which time is counted on.
    struct Anchor {
        WallTime time;
        std::chrono::milliseconds boot{};
        std::chrono::milliseconds error{};
        ClockQuality quality = ClockQuality::Unsynced;
    };

    [[nodiscard]] ClockDoubt doubt_of(const RawTime& raw) const;
    [[nodiscard]] WallTime counted(const RawTime& raw) const;
    [[nodiscard]] std::chrono::milliseconds drift(const RawTime& raw) const;
    void anchor(const RawTime& raw, ClockQuality quality, std::chrono::milliseconds error);
    [[nodiscard]] ClockReading synced(const RawTime& raw);
    [[nodiscard]] ClockReading held(const RawTime& raw, ClockDoubt doubt) const;
    [[nodiscard]] ClockReading free_running(const RawTime& raw);
    [[nodiscard]] ClockReading wrong(const RawTime& raw, ClockDoubt doubt);

    std::chrono::milliseconds assumed_error_;
    WallTime certain_;
    WallTime latest_;
    std::optional<Anchor> anchor_;
};

}  // namespace stile
