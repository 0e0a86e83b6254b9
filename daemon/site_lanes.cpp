// SPDX-License-Identifier: Apache-2.0
// Words of the site file into the values that they stand for.
#include "daemon/site_lanes.hpp"

#include <algorithm>
#include <utility>

namespace stile {
namespace {

using devices::Ways;

LaneMode mode_named(std::string_view name) {
    for (const LaneMode mode : {LaneMode::Normal, LaneMode::Free, LaneMode::Locked,
                                LaneMode::ExitOnly, LaneMode::OutOfOrder}) {
        if (name_of(mode) == name) return mode;
    }
    return LaneMode::Normal;
}

Ways ways_of(const config::Lane& lane) {
    if (lane.direction == "both") return Ways::Both;
    return lane.direction == "exit" ? Ways::Exit : Ways::Entry;
}

std::uint8_t bits_of(const std::vector<std::string>& days) {
    std::uint8_t bits = 0;
    for (unsigned day = 0; day < std::size(config::kDays); ++day) {
        if (days.empty() || std::ranges::find(days, config::kDays[day]) != days.end())
            bits = static_cast<std::uint8_t>(bits | (1U << day));
    }
    return bits;
}

std::vector<ScheduleRow> week_of(const config::Site& site, const config::Lane& lane) {
    std::vector<ScheduleRow> rows;
    for (const config::Schedule& row : site.schedules) {
        if (!row.lane.empty() && row.lane != lane.name) continue;
        rows.push_back({.days = bits_of(row.days),
                        .minute = config::time_of_day(row.from).value_or(std::chrono::minutes{0}),
                        .mode = mode_named(row.mode)});
    }
    return rows;
}

std::vector<PlatformList> lists_of(const config::Site& site, const config::Lane& lane) {
    std::vector<PlatformList> lists;
    for (const std::string& text : site.lists_of(lane)) {
        if (auto name = config::list_name(text))
            lists.push_back({std::move(name->event), name->list});
    }
    return lists;
}

Reentry reentry_of(const config::Policy& policy) {
    if (policy.reentry == "after-exit") return Reentry::AfterExit;
    return policy.reentry == "always" ? Reentry::Always : Reentry::Never;
}

template <class T>
std::vector<T> narrow(const std::vector<std::int64_t>& numbers) {
    std::vector<T> out;
    out.reserve(numbers.size());
    for (const std::int64_t number : numbers)
        out.push_back(static_cast<T>(number));
    return out;
}

// Nothing when no lane asks a list of the platform.
std::optional<PlatformSetup> platform_of(const config::Site& site, Orders& orders) {
    const bool is_asked = std::ranges::any_of(
        site.lanes, [&](const config::Lane& lane) { return !lists_of(site, lane).empty(); });
    if (!is_asked) return std::nullopt;
    using Keys = PlatformSetup::Keys;
    const config::Platform& said = site.platform;
    return PlatformSetup{
        .orders = &orders,
        .gate = static_cast<std::uint64_t>(said.gate),
        .device = static_cast<std::uint64_t>(said.device),
        .unpaid = said.unpaid == "ignore" ? ListFacts::Unpaid::Ignore : ListFacts::Unpaid::Refuse,
        .asking = said.questions == "ask" ? ListFacts::Asking::Ask : ListFacts::Asking::Skip,
        .keys = said.keys == "platform" ? Keys::OfEvents : Keys::Pinned};
}

LaneTerms terms_of(const config::Site& site, const config::Lane& lane) {
    return {.passage_timeout = lane.passage_timeout,
            .group = lane.group == "single" ? GroupWay::Single : GroupWay::Together,
            .each_person = lane.each_person,
            .schedule = week_of(site, lane),
            .lists = lists_of(site, lane),
            .entrance = lane.entrance,
            .greeting = lane.greeting == "name" ? Greeting::Name : Greeting::None};
}

}  // namespace

GateRules gate_rules(const Rules& rules, Orders& orders) {
    GateRules out{.keys = rules.keys,
                  .events = narrow<std::uint32_t>(rules.site.policy.events),
                  .products = narrow<std::uint64_t>(rules.site.policy.products),
                  .reentry = reentry_of(rules.site.policy),
                  .staff_products = narrow<std::uint64_t>(rules.site.staff.products),
                  .platform = platform_of(rules.site, orders),
                  .venue = rules.policy,
                  .local_time = [zone = rules.zone](WallTime time) { return zone.local(time); },
                  .lanes = {}};
    for (const config::Lane& lane : rules.site.lanes)
        out.lanes.push_back(terms_of(rules.site, lane));
    return out;
}

std::vector<LaneSetup> lanes_of(const config::Site& site, SiteDevices& devices) {
    std::vector<LaneSetup> setups;
    for (const config::Lane& lane : site.lanes) {
        setups.push_back(
            {.name = lane.name,
             .direction = lane.direction == "exit" ? Direction::Exit : Direction::Entry,
             .turnstile = devices.turnstile(lane),
             .sensor_stuck = lane.sensor_stuck,
             .ways = ways_of(lane)});
    }
    return setups;
}

std::optional<Direction> direction_of(const config::Reader& reader) {
    if (reader.direction.empty()) return std::nullopt;
    return reader.direction == "exit" ? Direction::Exit : Direction::Entry;
}

}  // namespace stile
