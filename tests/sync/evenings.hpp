// SPDX-License-Identifier: Apache-2.0
// Simulated evenings, to measure forecasts with: when people come to a show. The curves are of
// other families than those that the forecast fits. A seed always gives the same evening.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "sync/collector/forecast.hpp"

namespace stile::sync {

enum class Crowd : std::uint8_t {
    Steady,     // a beta curve between an early bird's time and a while after the start
    TwoCrowds,  // those who want the front row, and the others
    LeadTimes,  // everybody wants to be there some log-normal time before the start
    Ramp,       // more and more, then suddenly fewer
    Trains,     // everybody comes with a train, one each 15 to 25 minutes
    Last = Trains
};

enum class Incident : std::uint8_t { None, LateTrain, Rain, DoorsDelayed, Last = DoorsDelayed };

// What the evenings of one venue have in common.
struct Venue {
    Crowd crowd = Crowd::Steady;
    std::uint64_t places = 0;
    double doors = 0;      // minutes to the start at which they open
    double shape_one = 0;  // between 0 and 1: what they mean is the crowd's own matter
    double shape_two = 0;
    double absent = 0;       // the share of the parties that usually does not come
    double lanes_share = 0;  // of the places, whom the gates let in within a minute at most
};

struct Evening {
    Venue venue;
    Incident incident = Incident::None;
    std::uint64_t sold = 0;
    std::uint64_t came = 0;
    int first = 0;                       // minutes to the start of per_minute[0]
    std::vector<std::uint32_t> entered;  // in each minute

    // Until `minute` to the start begins.
    std::uint64_t entered_by(int minute) const;
};

[[nodiscard]] Venue venue_of(std::uint64_t seed);
[[nodiscard]] Evening evening_at(const Venue& venue, std::uint64_t seed);

// Of a show that starts at `starts`, what is known when `minute` to the start begins.
[[nodiscard]] std::vector<MinuteOfPeople> arrivals_until(const Evening& evening, Minute starts,
                                                         int minute);

}  // namespace stile::sync
