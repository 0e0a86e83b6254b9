// SPDX-License-Identifier: Apache-2.0
// What the stored entries say about the venue at the moment, as messages under _ops.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sync/collector/board.hpp"
#include "sync/collector/config.hpp"
#include "sync/collector/conflicts.hpp"
#include "sync/collector/flow.hpp"
#include "sync/collector/forecast.hpp"
#include "sync/collector/occupancy.hpp"
#include "sync/collector/ops_topics.hpp"

namespace stile::sync {

// Fed with every stored entry, in any order. Borrows the configuration.
class Picture {
public:
    // People to whom tickets of an event were sold; 0: not known.
    using Sold = std::function<std::uint64_t(std::uint64_t event)>;

    explicit Picture(const CollectorConfig& config);

    void take(const GateEntry& entry) { flow_.take(occupancy_.take(entry)); }
    // The broker remembers a forecast, perhaps of an event that there is no more.
    void remembered(std::string_view event, Board& board, const OpsTopics& topics) const;
    // Puts on the board what has changed.
    void publish(Board& board, const OpsTopics& topics, const Sold& sold, WallTime now);

    [[nodiscard]] Occupancy& occupancy() { return occupancy_; }
    [[nodiscard]] const Occupancy& occupancy() const { return occupancy_; }

private:
    template <class View>
    struct Said {
        std::optional<View> view;
        // Whether it is news; remembers it.
        bool news(const View& now) {
            if (view == now) return false;
            view = now;
            return true;
        }
    };
    void begin_day(WallTime now);
    [[nodiscard]] std::optional<Forecast> forecast_of(const EventConfig& event, const Sold& sold,
                                                      WallTime now) const;
    void publish_forecasts(Board& board, const OpsTopics& topics, const Sold& sold, WallTime now);
    [[nodiscard]] std::vector<PastEvening> past_evenings(const EventConfig& before,
                                                         const Sold& sold) const;
    [[nodiscard]] std::uint64_t sold_of(const EventConfig& event, const Sold& sold) const;
    [[nodiscard]] std::vector<MinuteOfPeople> arrivals(const EventConfig& event) const;

    const CollectorConfig& config_;
    Occupancy occupancy_;
    Flow flow_;
    Said<OccupancyView> said_occupancy_;
    Said<FlowView> said_flow_;
    Said<ConflictsView> said_conflicts_;
    Said<std::chrono::sys_time<std::chrono::minutes>> forecast_at_;
    std::set<std::int64_t> silent_events_;  // whose forecast is deleted
};

}  // namespace stile::sync
