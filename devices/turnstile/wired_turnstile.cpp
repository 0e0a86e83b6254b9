// SPDX-License-Identifier: Apache-2.0
// Pulses and levels out, signals in; it is gone when any part of it is.
#include "devices/turnstile/wired_turnstile.hpp"

#include <utility>

namespace stile::devices {

WiredTurnstile::WiredTurnstile(EventLoop& loop, std::unique_ptr<Outputs> outputs,
                               std::unique_ptr<GpioInputs> inputs, const Options& options)
    : loop_{loop},
      options_{options},
      outputs_{std::move(outputs)},
      inputs_{std::move(inputs)},
      exits_(options.exits == Exits::Own ? 2 : 1) {
    outputs_->listen({.switched = [this](std::size_t output, Switch to) { switched(output, to); },
                      .gone = [this] { gone(Part::Outputs); },
                      .back = [this] { back(Part::Outputs); }});
    if (inputs_) inputs_->on_signal([this](Signal signal) { hear(signal); });
}

WiredTurnstile::~WiredTurnstile() {
    if (!open_) WiredTurnstile::lock();
}

Capabilities WiredTurnstile::capabilities() const {
    const auto has = [this](InputRole role) { return inputs_ && inputs_->has(role); };
    return {.second_sensor = has(InputRole::Inner),
            .arm_feedback = has(InputRole::Arm),
            .sensor = has(InputRole::Outer)};
}

std::size_t WiredTurnstile::output_for(Direction direction) const {
    return direction == Direction::Exit && options_.exits == Exits::Own ? 1 : 0;
}

Result<void> WiredTurnstile::turn(std::size_t output, Switch to) {
    Exit& exit = exits_[output];
    exit.ending = to == Switch::Off && (exit.ending || exit.told == Switch::On);
    exit.told = to;
    return outputs_->set(output, to);
}

Result<void> WiredTurnstile::release(const Grant& grant, const ReleaseTerms& terms) {
    if (gone_[0] || gone_[1]) return fail(Errc::Closed, "the turnstile is gone");
    const std::size_t output = output_for(grant.admission().direction);
    Exit& exit = exits_[output];
    exit.timer.reset();
    if (options_.drive == Drive::Level) return turn(output, Switch::On);
    exit.pulses = terms.people;
    if (exit.ending) return {};  // the first pulse comes when the last one of before is over
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(
        exit.rested - std::chrono::steady_clock::now());
    if (rest <= rest.zero()) return turn(output, Switch::On);
    exit.timer = loop_.after(rest, [this, output] { (void)turn(output, Switch::On); });
    return {};
}

Result<void> WiredTurnstile::open(Ways ways) {
    open_ = ways;  // also of one that is gone: it opens as soon as it is back
    if (gone_[0]) return fail(Errc::Closed, "the turnstile is gone");
    const bool own = options_.exits == Exits::Own;
    Result<void> done;
    for (std::size_t output = 0; output < exits_.size(); ++output) {
        exits_[output].timer.reset();
        exits_[output].pulses = 0;
        const Ways way = output == 0 ? Ways::Entry : Ways::Exit;
        const bool on = !own || ways == Ways::Both || ways == way;
        if (auto turned = turn(output, on ? Switch::On : Switch::Off); !turned) done = turned;
    }
    return done;
}

void WiredTurnstile::lock() {
    open_.reset();
    for (std::size_t output = 0; output < exits_.size(); ++output) {
        exits_[output].timer.reset();
        exits_[output].pulses = 0;
        (void)turn(output, Switch::Off);  // one that is gone is off when it is back
    }
}

// The length of a pulse counts from the moment at which the device says that it has begun: a slow
// one makes no shorter pulse.
void WiredTurnstile::switched(std::size_t output, Switch to) {
    Exit& exit = exits_[output];
    if (to != exit.told) return;
    if (exit.ending) exit.rested = std::chrono::steady_clock::now() + options_.pulse;
    exit.ending = false;
    if (exit.pulses == 0) return;
    exit.timer = loop_.after(options_.pulse, [this, output, to] {
        if (to == Switch::On) --exits_[output].pulses;
        // One that is gone says so by itself.
        (void)turn(output, to == Switch::On ? Switch::Off : Switch::On);
    });
}

void WiredTurnstile::gone(Part part) {
    for (Exit& exit : exits_)
        exit = {};
    const bool known = gone_[0] || gone_[1];
    gone_[std::to_underlying(part)] = true;
    // Both may be of one chip, and only one of them has noticed.
    if (part == Part::Inputs) outputs_->look();
    if (part == Part::Outputs && inputs_) inputs_->look();
    if (!known) report(Signal::Gone);
}

// There may be fire, so outputs do not wait for the inputs.
void WiredTurnstile::back(Part part) {
    gone_[std::to_underlying(part)] = false;
    if (part == Part::Outputs && open_) (void)open(*open_);  // one that fails is gone again
    if (!gone_[0] && !gone_[1]) report(Signal::Back);
}

std::string WiredTurnstile::trouble() const {
    return gone_[0] || !inputs_ ? outputs_->trouble() : inputs_->trouble();
}

void WiredTurnstile::hear(Signal signal) {
    if (signal == Signal::Gone) return gone(Part::Inputs);
    if (signal == Signal::Back) return back(Part::Inputs);
    const bool of_sensor = signal <= Signal::InnerClear;
    if (!of_sensor || !(gone_[0] || gone_[1])) report(signal);
}

}  // namespace stile::devices
