// SPDX-License-Identifier: Apache-2.0
// Entered, left and refused per gate and minute: the last hour.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "sync/collector/admissions.hpp"

namespace stile::sync {

inline constexpr std::size_t kFlowMinutes = 60;

struct GateFlow {
    using Minutes = std::array<std::uint64_t, kFlowMinutes>;
    Minutes entered{};
    Minutes left{};
    Minutes refused{};
    friend bool operator==(const GateFlow&, const GateFlow&) = default;
};

struct FlowView {
    std::chrono::sys_time<std::chrono::minutes> from;  // the first minute; the last one is running
    std::map<std::string, GateFlow> gates;
    friend bool operator==(const FlowView&, const FlowView&) = default;
};

// Pure. Minutes are of the entries' own time, so what comes late still counts in its own.
class Flow {
public:
    void take(const Admissions::Change& change);
    // Every gate that was ever heard of. Forgets what is older than the view.
    [[nodiscard]] FlowView view(WallTime now);

private:
    using Minute = std::chrono::sys_time<std::chrono::minutes>;
    struct Counts {
        std::int64_t entered = 0;
        std::int64_t left = 0;
        std::int64_t refused = 0;
    };
    void add(const Movement& movement, std::int64_t sign);
    std::map<std::string, std::map<Minute, Counts>> gates_;
};

}  // namespace stile::sync
