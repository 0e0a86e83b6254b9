// SPDX-License-Identifier: Apache-2.0
// How many people will have come, and when: the numbers of _ops/forecast, as FORECAST.md derives
// them. Pure: no clock, no store. Everything here is reentrant and never throws.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace stile::sync {

using Minute = std::chrono::sys_time<std::chrono::minutes>;

// People who came within one minute of the entries' own time.
struct MinuteOfPeople {
    Minute minute;
    std::uint64_t people = 0;
    friend bool operator==(const MinuteOfPeople&, const MinuteOfPeople&) = default;
};

// The evening of another show: by when each twentieth of its people had come.
struct PastEvening {
    static constexpr std::size_t kTwentieths = 20;
    double turnout = 0;  // came / sold; 0: not known
    // Minutes to that show's start (negative: before it); [0] is the first guest, [20] the last.
    std::array<double, kTwentieths + 1> reached{};
    friend bool operator==(const PastEvening&, const PastEvening&) = default;
};

// Nothing when fewer than 100 people came or all of them within five minutes: no curve is in that.
[[nodiscard]] std::optional<PastEvening> past_evening(std::span<const MinuteOfPeople> arrivals,
                                                      Minute starts, std::uint64_t sold);

struct ForecastFacts {
    Minute now;
    std::optional<Minute> starts;           // of the show
    std::optional<std::uint64_t> sold;      // in people
    std::optional<std::uint64_t> capacity;  // of the venue
    std::uint64_t inside = 0;               // now; without `capacity` not used
    // In any order, a minute may come several times. A person counts once: not when they come back.
    std::span<const MinuteOfPeople> arrivals;
    std::span<const PastEvening> past;  // the last kMostPast of them are used
};
inline constexpr std::size_t kMostPast = 8;

struct Estimate {
    std::uint64_t mid = 0;
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    friend bool operator==(const Estimate&, const Estimate&) = default;
};

// When the occupancy reaches the capacity, if nobody leaves until then.
struct FullAt {
    Minute mid;
    Minute low;                  // at the soonest
    std::optional<Minute> high;  // at the latest; absent: perhaps never
    friend bool operator==(const FullAt&, const FullAt&) = default;
};

enum class ForecastMethod : std::uint8_t { ShareOfArrivals, FittedCurve };

// Measured on held-back simulated evenings (FORECAST.md), not on this one.
struct ForecastError {
    double mape = 0;     // of the expected total: mean of |expected - came| / sold
    double covered = 0;  // how often the truth lay inside the interval
};

struct Forecast {
    static constexpr double kLevel = 0.8;
    static constexpr std::chrono::seconds kStep{300};

    std::uint64_t arrived = 0;
    Estimate expected;  // at the end of the evening
    std::optional<FullAt> full_at;
    ForecastMethod method = ForecastMethod::FittedCurve;
    ForecastError error;
    Minute from;                      // of both curves, at most 180 steps together
    std::vector<std::uint64_t> past;  // arrived by the end of each step that is over
    std::vector<Estimate> coming;     // and of the others, the running one first
};

// Nothing when there is nothing to go by: nobody came yet, and either nothing is sold or the start
// is not known. Takes a few milliseconds.
[[nodiscard]] std::optional<Forecast> forecast(const ForecastFacts& facts);

}  // namespace stile::sync
