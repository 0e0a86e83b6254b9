// SPDX-License-Identifier: Apache-2.0
// The people of an evening on their way through the gates, and what they saw.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/entry/entry.hpp"
#include "tests/simulate/evening_clock.hpp"
#include "tests/simulate/lane_front.hpp"
#include "tests/simulate/plan.hpp"

namespace stile::simulate {

// What became of one showing.
struct Seen {
    std::optional<Reason> reason;  // Valid: admitted; nothing: they have not been answered yet
    bool unanswered = false;       // the gate died once while it looked at this
    WallTime arrived;
    std::chrono::milliseconds waited{};
};

// The longest queue of one gate.
struct LongestQueue {
    std::size_t people = 0;
    std::size_t gate = 0;
    WallTime at;
};

// Thread-bound to its loop.
class Crowd {
public:
    // Of one gate: those for entry, and behind them the one for exit.
    using Lanes = std::vector<std::unique_ptr<LaneFront>>;
    using PlaceOf = std::function<LaneFront::Place(std::size_t gate, const std::string& lane)>;
    struct World {
        EventLoop& loop;
        const EveningClock& clock;
        const Plan& plan;
        const BoxOffice& office;
        WallTime doors;
        std::size_t gates = 0;
        PlaceOf place;
    };
    explicit Crowd(World world);

    // People come from now on.
    void start() { arrive(); }
    // Nobody comes any more, and who waits goes home.
    void send_home();
    // From the ledger of a gate.
    void take(const Entry& entry);
    void got_refunds(std::size_t gate);
    [[nodiscard]] LaneFront& lane(std::size_t gate, std::size_t lane) const {
        return *lanes_[gate][lane];
    }

    [[nodiscard]] bool is_inside(std::size_t ticket) const { return inside_[ticket] > 0; }
    [[nodiscard]] const std::vector<Seen>& seen() const { return seen_; }
    // All have been answered, and whoever was admitted has passed.
    [[nodiscard]] bool done() const;
    [[nodiscard]] std::size_t waiting(std::size_t gate) const;
    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] long people_inside() const { return people_inside_; }
    [[nodiscard]] std::size_t refused() const { return refused_; }
    // Admissions that ended without a passage.
    [[nodiscard]] std::size_t released() const { return released_; }
    [[nodiscard]] const LongestQueue& longest_queue() const { return longest_; }

private:
    void arrive();
    void step_up(std::size_t showing);
    void release_held();
    [[nodiscard]] bool ready(const Showing& showing) const;
    void answered(const LaneFront::Visitor& visitor, const protocol::Feedback& feedback);

    World world_;
    std::vector<Lanes> lanes_;
    std::vector<Seen> seen_;                                             // by showing
    std::vector<int> inside_;                                            // by ticket
    std::vector<bool> has_left_;                                         // by ticket
    std::map<std::pair<std::uint64_t, std::uint64_t>, Direction> ways_;  // by epoch and admission
    std::vector<bool> has_refunds_;                                      // by gate
    std::vector<std::size_t> held_;  // showings whose time has come, but not their need
    std::size_t next_ = 0;
    std::size_t refused_ = 0;
    // Admissions that the people saw, and in the ledgers: begun and ended.
    std::size_t admitted_ = 0;
    std::size_t begun_ = 0;
    std::size_t ended_ = 0;
    std::size_t released_ = 0;
    long people_inside_ = 0;
    LongestQueue longest_;
    std::map<crypto::TicketId, std::size_t> tickets_;
    EventSource timer_;
};

}  // namespace stile::simulate
