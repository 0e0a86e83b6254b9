// SPDX-License-Identifier: Apache-2.0
// The steps of a lane's test, and what the ledger says of each. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/entry/entry.hpp"

namespace stile {

// What the daemon gave for this test (daemon/control/CONTROL.md, test-begin).
struct LaneOffer {
    struct Ticket {
        std::string name;
        std::string code;  // as it is to be shown
        std::array<std::uint8_t, 16> id{};
    };
    struct Reader {
        std::string name;
        std::string kind;
        std::string direction;
        bool connected = false;
    };
    std::string lane;
    std::chrono::seconds lasts{};
    std::chrono::milliseconds passage_timeout{};
    bool sensor = false;
    bool groups = false;  // go together
    std::vector<Reader> readers;
    std::vector<Ticket> tickets;

    [[nodiscard]] const Ticket* ticket(std::string_view name) const;
};

// A test ticket was shown, and what came of it.
struct LaneSight {
    std::string ticket;  // its name
    std::uint64_t seq = 0;
    Decided decided;
    std::optional<Passage> passage;
};

// What happened at the lane since the test began.
class LaneSights {
public:
    explicit LaneSights(const LaneOffer& offer) : offer_{offer} {}
    void take(const Entry& entry);

    [[nodiscard]] std::span<const LaneSight> shown() const { return shown_; }
    [[nodiscard]] std::span<const LaneEvent> events() const { return events_; }
    // Who ended the test, and why; nothing: it goes on.
    [[nodiscard]] const std::optional<std::string>& ended() const { return ended_; }

private:
    const LaneOffer& offer_;
    std::vector<LaneSight> shown_;
    std::vector<LaneEvent> events_;
    bool begun_ = false;  // the end of the test before may come after the offer of this one
    std::optional<std::string> ended_;
};

// Whether a person is led, or scans come by themselves, in any order.
enum class LaneManner : std::uint8_t { Guided, Auto };

struct LaneStep {
    enum class Ending : std::uint8_t { None, SomebodyPasses, NobodyPasses };
    std::string_view name;
    std::string_view ticket;
    Reason reason = Reason::Valid;  // with which it is admitted or refused
    Ending ending = Ending::None;
    std::string_view say;  // to whoever stands at the lane
};
// In their order.
[[nodiscard]] std::span<const LaneStep> lane_steps();
// Why this lane has no such step; empty: it has.
[[nodiscard]] std::string why_skipped(const LaneStep& step, const LaneOffer& offer,
                                      LaneManner manner);

struct LaneFinding {
    enum class Outcome : std::uint8_t { Passed, Failed, Skipped };
    std::string step;
    Outcome outcome = Outcome::Passed;
    std::string detail;  // what was seen
    std::string advice;  // with Failed: what to do
};
// "passed", "failed", "skipped"
[[nodiscard]] std::string_view name_of(LaneFinding::Outcome outcome);

// How much was seen before the step began.
struct LaneMark {
    std::size_t shown = 0;
    std::size_t events = 0;
};
// Nothing: it is not over yet.
[[nodiscard]] std::optional<LaneFinding> finding(const LaneStep& step, const LaneOffer& offer,
                                                 const LaneSights& sights, LaneMark from);
// Of a step whose time is over.
[[nodiscard]] LaneFinding late_finding(const LaneStep& step, const LaneSights& sights,
                                       LaneMark from);

// One line a step, and what to do.
[[nodiscard]] std::string lane_report_text(const std::string& lane,
                                           std::span<const LaneFinding> findings);
[[nodiscard]] bool all_passed(std::span<const LaneFinding> findings);

}  // namespace stile
