// SPDX-License-Identifier: Apache-2.0
// One lane without a gate: the test is its clock, its turnstile and its people.
#pragma once

#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/lane/lane.hpp"

namespace stile::test {
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using devices::Signal;

class LaneTest : public testing::Test {
protected:
    explicit LaneTest(devices::Capabilities has = {}) : lane_{{.name = "lane-1"}, has} {}

    void release(std::uint8_t people = 1, Direction direction = Direction::Entry) {
        Released released{.people = people, .hold = 8s};
        released.admission.admission = ++last_;
        released.admission.identity.bytes[0] = static_cast<std::uint8_t>(last_);
        released.admission.direction = direction;
        lane_.release(released, now_);
        collect();
    }
    void tell(Signal signal) {
        lane_.take(signal, now_);
        collect();
    }
    void walk() {
        tell(Signal::OuterCovered);
        tell(Signal::OuterClear);
    }
    void mode(LaneMode mode) {
        lane_.set_mode(mode, now_);
        collect();
    }
    void fire(FireInput fire) {
        lane_.fire(fire, now_);
        collect();
    }
    void wait(std::chrono::milliseconds time) {
        const auto end = now_ + time;
        for (auto due = lane_.due(); due && *due <= end; due = lane_.due()) {
            now_ = *due;
            lane_.tick(now_);
            collect();
        }
        now_ = end;
    }
    void collect() {
        for (LaneOrder& order : lane_.take_orders()) {
            if (const auto* arm = std::get_if<ArmOrder>(&order)) arm_ = *arm;
            if (const auto* outcome = std::get_if<LaneOutcome>(&order)) {
                outcomes_.push_back(outcome->passage);
                arm_at_outcome_ = arm_;
            }
            if (const auto* event = std::get_if<LaneEvent>(&order)) events_.push_back(*event);
        }
    }
    std::vector<LaneEventKind> kinds() const {
        std::vector<LaneEventKind> out;
        for (const LaneEvent& event : events_)
            out.push_back(event.what);
        return out;
    }
    using Kinds = std::vector<LaneEventKind>;

    Lane::Time now_{std::chrono::hours{1}};
    Lane lane_;
    std::uint64_t last_ = 100;
    std::optional<ArmOrder> arm_;
    std::optional<ArmOrder> arm_at_outcome_;
    std::vector<Passage> outcomes_;
    std::vector<LaneEvent> events_;
};

}  // namespace stile::test
