// SPDX-License-Identifier: Apache-2.0
// Which gates are there: by their status, their will and their health.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

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
    // Of a gate whose health period is not known yet; three of the known one are waited for.
    static constexpr std::chrono::seconds kFirstPatience{60};
    static constexpr std::chrono::seconds kLeastPeriod{10};
    static constexpr std::chrono::seconds kLongestPeriod{600};

    enum class Why : std::uint8_t { Lost, NoHealth };
    struct Silent {
        std::string gate;
        Why why = Why::Lost;
        friend bool operator==(const Silent&, const Silent&) = default;
    };

    // A `lost` that is not of the connection which said the last other status comes too late.
    void status(const std::string& gate, const GateStatus& status, Time now);
    void health(const std::string& gate, Time now);
    // Between the two the collector itself was away: nobody could be heard.
    void disconnected(Time now);
    void reconnected(Time now);

    [[nodiscard]] std::vector<Silent> silent(Time now) const;
    // Of one that was silent, perhaps in an earlier run: it is no longer, unless silent() has it.
    [[nodiscard]] bool is_back(const std::string& gate) const { return gates_.contains(gate); }

private:
    struct Gate {
        std::optional<GateStatus> status;
        Time heard;
        std::optional<Time> health;  // the last one, if the collector was there ever since
        std::optional<std::chrono::nanoseconds> period;
        bool was_silent = false;  // when the collector went away
    };
    Gate& gate(const std::string& name, Time now);
    std::map<std::string, Gate> gates_;
};

}  // namespace stile::sync
