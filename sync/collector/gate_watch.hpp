// SPDX-License-Identifier: Apache-2.0
// Which gates are there: by their status, their will and their health.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/visit.hpp"

namespace stile::sync {

enum class GatePresence : std::uint8_t { Present, Stopped, Lost };

struct GateStatus {
    GatePresence presence = GatePresence::Present;
    std::string boot;
};

// Pure; the time is a parameter. A gate that was stopped on purpose is not silent.
class GateWatch {
public:
    using Time = std::chrono::steady_clock::time_point;
    // Of a gate whose health period is not known yet; three of the known one are waited for. One
    // short period is no rhythm: the longer one of the last two counts.
    static constexpr std::chrono::seconds kFirstPatience{60};
    static constexpr std::chrono::seconds kLeastPeriod{10};
    static constexpr std::chrono::seconds kLongestPeriod{600};

    // That were heard of; those that are expected count besides, and come first in silent().
    static constexpr std::size_t kMostGates = 1000;

    enum class Why : std::uint8_t { Lost, NoHealth };
    struct Silent {
        std::string gate;
        Why why = Why::Lost;
        friend bool operator==(const Silent&, const Silent&) = default;
    };

    // Remembered: a retained message, which the gate may have said long ago.
    enum class Said : std::uint8_t { Now, Remembered };

    // One that an earlier run knew; until something is heard of it, it is as silent as it was.
    enum class Before : std::uint8_t { There, Silent };
    void expect(const std::string& gate, Before before, Time now);
    // A `lost` that is not of the connection which said the last other status comes too late.
    void status(const std::string& gate, const GateStatus& status, Said said, Time now);
    // `time` is the gate's own: how often health comes is measured by it.
    void health(const std::string& gate, std::optional<WallTime> time, Said said, Time now);
    // There is no such gate any more: its status was deleted.
    void forget(const std::string& gate) { gates_.erase(gate); }
    // Between the two the collector itself was away: nobody could be heard.
    void disconnected(Time now);
    void reconnected(Time now);

    [[nodiscard]] std::vector<Silent> silent(Time now) const;
    // Of one that was silent, perhaps in an earlier run: it is no longer, unless silent() has it.
    [[nodiscard]] bool is_back(const std::string& gate) const;

private:
    struct Gate {
        std::optional<GateStatus> status;
        Time heard;
        std::optional<WallTime> health;                  // the last one's time
        std::optional<std::chrono::nanoseconds> sample;  // between the last two
        std::chrono::nanoseconds period = kFirstPatience / 3;
        bool was_silent = false;  // when the collector went away
        bool is_expected = false;
        bool is_silent = false;  // since an earlier run, until it is heard
    };
    // Null: there are too many.
    Gate* gate(const std::string& name, Time now);
    static void heard(Gate& gate, Time now);
    static void measure(Gate& gate, WallTime time);
    std::map<std::string, Gate> gates_;
};

}  // namespace stile::sync
