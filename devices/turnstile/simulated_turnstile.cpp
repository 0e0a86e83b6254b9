// SPDX-License-Identifier: Apache-2.0
// The simulated people are timers.
#include "devices/turnstile/simulated_turnstile.hpp"

#include <algorithm>
#include <utility>

namespace stile::devices {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kKilohertz{1};
constexpr int kBounces = 20;

Direction against(Direction direction) {
    return direction == Direction::Entry ? Direction::Exit : Direction::Entry;
}

}  // namespace

SimulatedTurnstile::SimulatedTurnstile(EventLoop& loop, const Options& options)
    : loop_{loop},
      options_{options},
      outer_{loop, options.settle, [this] { catch_up(); },
             [this](Level level) {
                 tell(level == Level::Covered ? Signal::OuterCovered : Signal::OuterClear);
             }},
      inner_{loop, options.settle, [this] { catch_up(); },
             [this](Level level) {
                 tell(level == Level::Covered ? Signal::InnerCovered : Signal::InnerClear);
             }} {}

Result<void> SimulatedTurnstile::release(const Grant& grant, const ReleaseTerms& terms) {
    if (options_.trouble == Trouble::DeviceGone && !gone_) {
        unplug();
        options_.trouble = Trouble::None;
        device_ = loop_.after(options_.relay, [this] { plug_in(); });
    }
    if (gone_) return fail(Errc::Closed, "the simulated turnstile is unplugged");
    if (options_.trouble == Trouble::StuckArm) return {};
    move_arm(Signal::Unlocked);
    if (options_.passage.count() == 0 || options_.trouble == Trouble::NobodyPasses) return {};
    const Direction direction = grant.admission().direction;
    int people = terms.people;
    if (options_.trouble == Trouble::Tailgater) ++people;
    for (int i = 0; i < people; ++i)
        walk(options_.trouble == Trouble::ReverseWalker ? against(direction) : direction);
    return {};
}

Result<void> SimulatedTurnstile::open(Ways /*ways*/) {
    if (gone_) return fail(Errc::Closed, "the simulated turnstile is unplugged");
    if (options_.trouble != Trouble::StuckArm) move_arm(Signal::Unlocked);
    return {};
}

// Whoever has not begun to pass finds it locked; a tailgater is faster than that.
void SimulatedTurnstile::lock() {
    if (gone_) return;
    move_arm(Signal::Locked);
    if (options_.trouble == Trouble::Tailgater) return;
    std::erase_if(steps_, [this](const Step& step) { return step.person != under_way_; });
    if (steps_.empty()) next_.reset();
}

void SimulatedTurnstile::walk(Direction direction) {
    const milliseconds whole = options_.passage * (options_.trouble == Trouble::SlowPerson ? 5 : 1);
    const milliseconds part = whole / (options_.has.second_sensor ? 4 : 2);
    const Direction first = options_.has.second_sensor ? direction : Direction::Entry;
    ++last_person_;
    then(part, [this, first, person = last_person_] {
        under_way_ = person;
        cover(sensor(first), Level::Covered);
    });
    if (options_.trouble == Trouble::StuckSensor) return;
    if (options_.has.second_sensor) {
        then(part, [this, direction] { cover(sensor(against(direction)), Level::Covered); });
        then(part, [this, direction] { cover(sensor(direction), Level::Clear); });
    }
    const Direction last = options_.has.second_sensor ? against(direction) : Direction::Entry;
    then(part, [this, last] {
        cover(sensor(last), Level::Clear);
        under_way_ = 0;
    });
}

void SimulatedTurnstile::bounce() {
    for (int i = 0; i < kBounces; ++i) {
        then(kKilohertz,
             [this, i] { outer_.edge(i % 2 == 0 ? Level::Covered : Level::Clear, clock_); });
    }
}

void SimulatedTurnstile::cover(DebouncedInput& sensor, Level level) {
    if (options_.trouble != Trouble::BouncingSensor) return sensor.edge(level, clock_);
    for (int i = kBounces; i >= 0; --i) {
        const Level now = (i % 2 == 0) == (level == Level::Covered) ? Level::Covered : Level::Clear;
        steps_.push_front(
            {kKilohertz, [this, &sensor, now] { sensor.edge(now, clock_); }, under_way_});
    }
}

// Who enters covers the outer one first.
DebouncedInput& SimulatedTurnstile::sensor(Direction side) {
    return side == Direction::Entry ? outer_ : inner_;
}

void SimulatedTurnstile::then(milliseconds after, Act act) {
    if (!next_) clock_ = std::chrono::steady_clock::now();
    steps_.push_back({after, std::move(act), last_person_});
    if (!next_) wait();
}

void SimulatedTurnstile::wait() {
    if (steps_.empty()) return next_.reset();
    const auto left = std::chrono::ceil<milliseconds>(clock_ + steps_.front().after -
                                                      std::chrono::steady_clock::now());
    next_ = loop_.after(std::max(left, milliseconds{0}), [this] { catch_up(); });
}

// A machine that was busy finds several steps due: each happened at its own time.
void SimulatedTurnstile::catch_up() {
    const auto now = std::chrono::steady_clock::now();
    while (!steps_.empty() && clock_ + steps_.front().after <= now) {
        const Step step = std::move(steps_.front());
        steps_.pop_front();
        clock_ += step.after;
        step.act();
    }
    wait();
}

void SimulatedTurnstile::move_arm(Signal to) {
    const milliseconds late =
        options_.trouble == Trouble::LateRelay ? options_.relay : milliseconds{0};
    if (options_.has.arm_feedback) arm_ = loop_.after(late, [this, to] { tell(to); });
}

void SimulatedTurnstile::unplug() {
    if (std::exchange(gone_, true)) return;
    steps_.clear();
    next_.reset();
    arm_ = loop_.after(milliseconds{0}, [this] { report(Signal::Gone); });
}

void SimulatedTurnstile::plug_in() {
    if (!std::exchange(gone_, false)) return;
    under_way_ = 0;
    arm_ = loop_.after(milliseconds{0}, [this] { report(Signal::Back); });
}

void SimulatedTurnstile::tell(Signal signal) {
    if (!gone_) report(signal);
}

}  // namespace stile::devices
