// SPDX-License-Identifier: Apache-2.0
// Views are compared before their messages are made, so that a quiet venue publishes nothing.
#include "sync/collector/picture.hpp"

#include <algorithm>

#include "sync/collector/ops_messages.hpp"

namespace stile::sync {
namespace {

using std::chrono::hours;

// An evening is forecast from the day before its start until it runs.
constexpr hours kForecastBefore{24};
constexpr hours kForecastAfter{4};

AreaTree tree_of(const std::vector<AreaConfig>& areas) {
    AreaTree out;
    for (const AreaConfig& area : areas) {
        if (area.parent != 0)
            out[static_cast<std::uint64_t>(area.number)] = static_cast<std::uint64_t>(area.parent);
    }
    return out;
}

std::optional<std::uint64_t> capacity_of_the_venue(const std::vector<AreaConfig>& areas) {
    const auto venue = std::ranges::find(areas, 0, &AreaConfig::number);
    if (venue == areas.end() || venue->capacity <= 0) return std::nullopt;
    return static_cast<std::uint64_t>(venue->capacity);
}

Minute minute_of(std::chrono::sys_seconds time) {
    return std::chrono::floor<std::chrono::minutes>(time);
}

}  // namespace

Picture::Picture(const CollectorConfig& config)
    : config_{config}, occupancy_{tree_of(config.areas)} {}

void Picture::begin_day(WallTime now) {
    WallTime since = WallTime::min();
    for (const EventConfig& event : config_.events) {
        if (event.counts_from && *event.counts_from <= now)
            since = std::max(since, WallTime{*event.counts_from});
    }
    occupancy_.set_since(since);
}

void Picture::publish(Board& board, const OpsTopics& topics, const Sold& sold, WallTime now) {
    begin_day(now);
    const auto occupancy = occupancy_.view();
    if (said_occupancy_.news(occupancy))
        board.keep(topics.ops("occupancy"), occupancy_json(occupancy, config_.areas, now));
    const auto flow = flow_.view(now);
    if (said_flow_.news(flow)) board.keep(topics.ops("flow"), flow_json(flow, now));
    const auto conflicts = newest_conflicts(occupancy_.conflicts());
    if (said_conflicts_.news(conflicts))
        board.keep(topics.ops("conflicts"), conflicts_json(conflicts, now));
    if (forecast_at_.news(std::chrono::floor<std::chrono::minutes>(now)))
        publish_forecasts(board, topics, sold, now);
}

std::uint64_t Picture::sold_of(const EventConfig& event, const Sold& sold) const {
    if (event.sold >= 0) return static_cast<std::uint64_t>(event.sold);
    return sold(static_cast<std::uint64_t>(event.number));
}

std::vector<MinuteOfPeople> Picture::arrivals(const EventConfig& event) const {
    std::vector<MinuteOfPeople> out;
    for (const auto& [minute, people] :
         occupancy_.arrivals(static_cast<std::uint64_t>(event.number)))
        out.push_back({minute, people});
    return out;
}

std::vector<PastEvening> Picture::past_evenings(const EventConfig& before, const Sold& sold) const {
    std::vector<const EventConfig*> earlier;
    for (const EventConfig& event : config_.events) {
        if (event.starts < before.starts - hours{1}) earlier.push_back(&event);
    }
    std::ranges::sort(earlier, {}, &EventConfig::starts);
    std::vector<PastEvening> out;
    for (const EventConfig* event : earlier) {
        const auto evening =
            past_evening(arrivals(*event), minute_of(event->starts), sold_of(*event, sold));
        if (evening) out.push_back(*evening);
    }
    return out;
}

std::optional<Forecast> Picture::forecast_of(const EventConfig& event, const Sold& sold,
                                             WallTime now) const {
    if (now < event.starts - kForecastBefore || now > event.starts + kForecastAfter)
        return std::nullopt;
    const auto came = arrivals(event);
    const auto past = past_evenings(event, sold);
    const std::uint64_t tickets = sold_of(event, sold);
    return forecast({.now = std::chrono::floor<std::chrono::minutes>(now),
                     .starts = minute_of(event.starts),
                     .sold = tickets > 0 ? std::optional{tickets} : std::nullopt,
                     .capacity = capacity_of_the_venue(config_.areas),
                     .inside = occupancy_.view().total.inside,
                     .arrivals = came,
                     .past = past});
}

void Picture::publish_forecasts(Board& board, const OpsTopics& topics, const Sold& sold,
                                WallTime now) {
    for (const EventConfig& event : config_.events) {
        if (const auto expected = forecast_of(event, sold, now)) {
            board.keep(topics.forecast(event.number),
                       forecast_json(event, sold_of(event, sold), *expected, now));
            silent_events_.erase(event.number);
        } else if (silent_events_.insert(event.number).second) {
            board.remove(topics.forecast(event.number));
        }
    }
}

void Picture::remembered(std::string_view event, Board& board, const OpsTopics& topics) const {
    const bool ours = std::ranges::any_of(config_.events, [&](const EventConfig& one) {
        return std::to_string(one.number) == event;
    });
    if (!ours) board.remove(topics.ops("forecast/" + std::string{event}));
}

}  // namespace stile::sync
