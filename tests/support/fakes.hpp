// SPDX-License-Identifier: Apache-2.0
// Stand-ins for the parts of a gate that a test wants to steer: clock and turnstile.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "daemon/clock/clock.hpp"
#include "devices/turnstile/turnstile.hpp"

namespace stile::test {

// Stands still until it is told.
class FakeClock final : public Clock {
public:
    explicit FakeClock(WallTime time) : time_{time} {}
    [[nodiscard]] ClockReading now() override {
        const auto second = std::chrono::floor<std::chrono::seconds>(time_);
        return {time_, quality, bounds.value_or(ClockBounds{second, second}), ClockDoubt::None};
    }
    void learn(WallTime certain, WallTime latest) override { learned = {certain, latest}; }
    void set(WallTime time) { time_ = time; }
    void advance(std::chrono::milliseconds by) { time_ += by; }

    ClockQuality quality = ClockQuality::Synced;
    std::optional<ClockBounds> bounds;  // nothing: exactly the time
    std::pair<WallTime, WallTime> learned;

private:
    WallTime time_;
};

// Remembers what it was told; somebody passes when the test says so.
class FakeTurnstile final : public devices::Turnstile {
public:
    explicit FakeTurnstile(devices::Capabilities has = {}) : has_{has} {}

    [[nodiscard]] devices::Capabilities capabilities() const override { return has_; }
    [[nodiscard]] Result<void> release(const Grant& grant,
                                       const devices::ReleaseTerms& asked) override {
        if (broken) return fail(Errc::Io, "the turnstile does not answer");
        releases.push_back(grant.admission().admission);
        terms = asked;
        open_now = true;
        return {};
    }
    [[nodiscard]] Result<void> open(devices::Ways ways) override {
        if (broken) return fail(Errc::Io, "the turnstile does not answer");
        free = ways;
        open_now = true;
        return {};
    }
    void lock() override {
        open_now = false;
        free.reset();
    }
    void pass() {
        tell(devices::Signal::OuterCovered);
        tell(devices::Signal::OuterClear);
    }
    void tell(devices::Signal signal) { report(signal); }

    bool broken = false;
    bool open_now = false;
    std::optional<devices::Ways> free;    // open for everybody
    devices::ReleaseTerms terms;          // of the last release
    std::vector<std::uint64_t> releases;  // the admissions for which it was released

private:
    devices::Capabilities has_;
};

}  // namespace stile::test
