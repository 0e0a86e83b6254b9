// SPDX-License-Identifier: Apache-2.0
// Who came first and who left last.
#include "daemon/lane/passage_sensor.hpp"

#include <utility>

namespace stile {

std::optional<PassageSensor::Edge> PassageSensor::edge_of(devices::Signal signal) {
    using devices::Signal;
    switch (signal) {
        case Signal::OuterCovered:
            return Edge{End::Outer, true};
        case Signal::OuterClear:
            return Edge{End::Outer, false};
        case Signal::InnerCovered:
            return Edge{End::Inner, true};
        case Signal::InnerClear:
            return Edge{End::Inner, false};
        case Signal::Unlocked:
        case Signal::Locked:
        case Signal::FireOn:
        case Signal::FireOff:
        case Signal::TamperOpened:
        case Signal::TamperClosed:
        case Signal::Gone:
        case Signal::Back:
            return std::nullopt;
    }
    return std::nullopt;
}

std::optional<PassageSensor::Sight> PassageSensor::take(devices::Signal signal, Time now) {
    const auto edge = edge_of(signal);
    if (!edge || (edge->end == End::Inner && !two_)) return std::nullopt;
    bool& sensor = edge->end == End::Outer ? outer_ : inner_;
    if (sensor == edge->covered) return std::nullopt;
    const bool was_covered = covered();
    sensor = edge->covered;
    if (!was_covered) {
        first_ = edge->end;
        since_ = now;
        return Sight::Begun;
    }
    return covered() ? std::nullopt : std::optional{finish(edge->end)};
}

PassageSensor::Sight PassageSensor::finish(End last) {
    if (std::exchange(stuck_, false)) return Sight::Freed;
    if (!two_) return Sight::Passed;
    if (first_ == last) return Sight::Withdrawn;
    return first_ == End::Outer ? Sight::PassedIn : Sight::PassedOut;
}

std::optional<PassageSensor::Sight> PassageSensor::tick(Time now) {
    if (!covered() || stuck_ || now < since_ + stuck_after_) return std::nullopt;
    stuck_ = true;
    return Sight::Stuck;
}

std::optional<PassageSensor::Time> PassageSensor::due() const {
    if (!covered() || stuck_) return std::nullopt;
    return since_ + stuck_after_;
}

void PassageSensor::forget() {
    outer_ = inner_ = stuck_ = false;
}

}  // namespace stile
