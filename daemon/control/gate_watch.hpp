// SPDX-License-Identifier: Apache-2.0
// Turns the gate's figures into alarms: what lasts is raised, what is over is cleared. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/control/alarms.hpp"
#include "daemon/control/reports.hpp"

namespace stile {

// Each limit has two values: beyond the first the alarm begins, within the second it ends. What
// lies between leaves it as it is, so that it does not flap.
struct OutboxLimits {
    std::uint64_t entries = 10'000;
    std::uint64_t entries_fine = 1'000;
    std::chrono::seconds age{300};
    std::chrono::seconds age_fine{60};
};
struct SpaceLimits {
    std::uint64_t free_bytes = 256ULL << 20;
    std::uint64_t free_bytes_fine = 512ULL << 20;
    std::uint64_t map_percent = 90;  // of the ledger's upper bound that is used
    std::uint64_t map_percent_fine = 85;
};
// Counted on without a time server, until rotating codes are nearly refused (30 s, CLOCK.md).
inline constexpr std::chrono::seconds kWideClock{20};

// What the policy says of old lists.
struct ListLimits {
    enum class Never : std::uint8_t { Fine, Stale };
    std::chrono::seconds oldest{std::chrono::hours{24}};
    Never never = Never::Fine;  // a revocation list that was never imported
};

// Thread-bound.
class GateWatch {
public:
    using Time = std::chrono::nanoseconds;  // CLOCK_MONOTONIC
    // Borrows the alarms.
    GateWatch(Alarms& alarms, ListLimits lists) : alarms_{alarms}, lists_{lists} {}

    void take_limits(ListLimits lists) { lists_ = lists; }
    // Call once a second.
    void look(const GateReport& report, Time now);

private:
    enum class Sight : std::uint8_t { Fine, Bad, Unclear };
    struct Finding {
        Sight sight = Sight::Fine;
        std::string why;
    };
    // How long something must be seen before the alarm follows it.
    struct Patience {
        std::chrono::seconds raise;
        std::chrono::seconds clear;
    };
    struct Seen {
        bool raised = false;
        std::optional<Time> other_since;  // the figures contradict the alarm
    };
    [[nodiscard]] static Finding reader_lost(const ReaderReport& reader);
    [[nodiscard]] static Finding reader_degraded(const ReaderReport& reader);
    [[nodiscard]] static Finding outbox(const LinkReport& link);
    [[nodiscard]] static Finding clock(const ClockReading& clock);
    [[nodiscard]] static Finding damage(const GateReport& report);
    [[nodiscard]] static Finding space(const GateReport& report);
    [[nodiscard]] Finding lists(const GateReport& report) const;
    void judge(std::string_view code, const Finding& finding, const Patience& patience);

    Alarms& alarms_;
    ListLimits lists_;
    Time now_{};  // of the look that is under way
    WallTime wall_;
    std::map<std::string, Seen, std::less<>> seen_;
};

}  // namespace stile
