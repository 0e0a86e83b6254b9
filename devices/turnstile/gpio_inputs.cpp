// SPDX-License-Identifier: Apache-2.0
// Edges in, signals out.
#include "devices/turnstile/gpio_inputs.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace stile::devices {
namespace {

Level level_of(Switch line) {
    return line == Switch::On ? Level::Covered : Level::Clear;
}

Signal signal_of(InputRole role, Level level) {
    const bool on = level == Level::Covered;
    switch (role) {
        case InputRole::Outer:
            return on ? Signal::OuterCovered : Signal::OuterClear;
        case InputRole::Inner:
            return on ? Signal::InnerCovered : Signal::InnerClear;
        case InputRole::Arm:
            return on ? Signal::Unlocked : Signal::Locked;
        case InputRole::Fire:
            return on ? Signal::FireOn : Signal::FireOff;
        case InputRole::Tamper:
            break;
    }
    return on ? Signal::TamperOpened : Signal::TamperClosed;
}

bool is_slow(InputRole role) {
    return role == InputRole::Fire || role == InputRole::Tamper;
}

bool is_sensor(InputRole role) {
    return role == InputRole::Outer || role == InputRole::Inner;
}

}  // namespace

GpioInputs::GpioInputs(EventLoop& loop, std::unique_ptr<GpioLines> lines, Options options)
    : loop_{loop},
      options_{std::move(options)},
      upkeep_{loop,
              std::move(lines),
              options_.back_off,
              {[this] { tell(Signal::Gone); }, [this] { back(); }}} {
    for (const InputRole role : options_.roles)
        inputs_.push_back({role, contact_of(role)});
    upkeep_.lines().on_edge([this](std::size_t line, Switch to, Time at) { heard(line, to, at); });
    first_look_ = loop_.after(std::chrono::milliseconds{0}, [this] { read_all(); });
}

bool GpioInputs::has(InputRole role) const {
    return std::ranges::find(options_.roles, role) != options_.roles.end();
}

Debounce GpioInputs::contact_of(InputRole role) const {
    return Debounce{is_slow(role) ? options_.slow_settle : options_.settle};
}

void GpioInputs::heard(std::size_t line, Switch to, Time at) {
    inputs_[line].contact.edge(level_of(to), at);
    wait();
}

void GpioInputs::wait() {
    if (turn_) return;
    std::optional<Time> first;
    for (const Input& input : inputs_) {
        const auto due = input.contact.due();
        if (due && (!first || *due < *first)) first = due;
    }
    if (!first) return due_.reset();
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(*first - std::chrono::steady_clock::now());
    const auto turn = [this] { turn_ = loop_.when_idle([this] { tell_settled(); }); };
    if (left <= std::chrono::milliseconds{0}) return turn();
    due_ = loop_.after(left, turn);
}

void GpioInputs::tell_settled() {
    turn_.reset();
    const auto now = std::chrono::steady_clock::now();
    std::multimap<Time, Signal> signals;  // by time; of one time in the order of the inputs
    for (Input& input : inputs_) {
        for (const auto& [level, at] : input.contact.settled(now)) {
            // Nobody passes a device that is gone; what else it said just before is still true.
            if (upkeep_.here() || !is_sensor(input.role))
                signals.emplace(at, signal_of(input.role, level));
        }
    }
    for (const auto& [at, signal] : signals)
        tell(signal);
    wait();
}

void GpioInputs::tell(Signal signal) const {
    if (callback_) callback_(signal);
}

// No edge tells of a line that is active already.
void GpioInputs::read_all() {
    for (std::size_t line = 0; upkeep_.here() && line < inputs_.size(); ++line) {
        const auto level = upkeep_.lines().get(line);
        if (!level) return upkeep_.lost(level.error().context);
        heard(line, *level, std::chrono::steady_clock::now());
    }
}

// The lane has forgotten its sensors, so whoever stands there now is told again. A fire, an open
// housing and an arm last until the line says otherwise.
void GpioInputs::back() {
    for (Input& input : inputs_) {
        if (is_sensor(input.role)) input.contact = contact_of(input.role);
    }
    tell(Signal::Back);
    read_all();
}

}  // namespace stile::devices
