// SPDX-License-Identifier: Apache-2.0
// What the edges of one or two sensors say about people. Pure: time comes in.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "devices/turnstile/signal.hpp"

namespace stile {

// With one sensor, whoever covered it and left has passed, and nobody knows in which direction.
// With two, the one that was covered first and the one that was left last tell the direction; who
// leaves by the sensor at which they came has stepped back.
class PassageSensor {
public:
    using Time = std::chrono::steady_clock::time_point;
    enum class Sight : std::uint8_t {
        Begun = 1,  // somebody is there
        Passed,
        PassedIn,  // seen by two sensors
        PassedOut,
        Withdrawn,
        Stuck,  // covered for too long; once
        Freed,  // it ended after all
    };

    PassageSensor(devices::Capabilities has, std::chrono::milliseconds stuck_after)
        : two_{has.second_sensor}, stuck_after_{stuck_after} {}

    // Nothing for a signal that is of no sensor, or that changes nothing.
    [[nodiscard]] std::optional<Sight> take(devices::Signal signal, Time now);
    [[nodiscard]] std::optional<Sight> tick(Time now);
    [[nodiscard]] std::optional<Time> due() const;
    // Nothing is known of the sensors any more.
    void forget();

    [[nodiscard]] bool covered() const { return outer_ || inner_; }
    [[nodiscard]] bool stuck() const { return stuck_; }

private:
    enum class End : std::uint8_t { Outer, Inner };
    struct Edge {
        End end = End::Outer;
        bool covered = false;
    };
    [[nodiscard]] static std::optional<Edge> edge_of(devices::Signal signal);
    [[nodiscard]] Sight finish(End last);

    bool two_;
    std::chrono::milliseconds stuck_after_;
    bool outer_ = false;
    bool inner_ = false;
    End first_ = End::Outer;
    Time since_;  // somebody came
    bool stuck_ = false;
};

}  // namespace stile
