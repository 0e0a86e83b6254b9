// SPDX-License-Identifier: Apache-2.0
// One forecast an evening and time, compared with what the evening brought.
#include "tests/sync/forecast_error.hpp"

#include <algorithm>
#include <cmath>

#include "tests/sync/evenings.hpp"

namespace stile::sync {
namespace {

using std::chrono::minutes;

constexpr Minute kStarts = std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} + minutes{1200};
constexpr int kPastEvenings = 3;

std::vector<PastEvening> past_of(const Venue& venue, std::uint64_t seed) {
    std::vector<PastEvening> out;
    for (int i = 1; i <= kPastEvenings; ++i) {
        const Evening before = evening_at(venue, seed + 1'000'000 * static_cast<std::uint64_t>(i));
        if (const auto past =
                past_evening(arrivals_until(before, kStarts, 180), kStarts, before.sold))
            out.push_back(*past);
    }
    return out;
}

double distance(std::uint64_t expected, std::uint64_t truth) {
    return std::abs(static_cast<double>(expected) - static_cast<double>(truth));
}

double inside(const Estimate& estimate, std::uint64_t truth) {
    return estimate.low <= truth && truth <= estimate.high ? 1 : 0;
}

// At the end of a step: all that is measured are multiples of five minutes.
Estimate at(const Forecast& forecast, int minute) {
    const auto step = (kStarts + minutes{minute} - forecast.from) / minutes{5} - 1;
    const auto index = static_cast<std::size_t>(step) - forecast.past.size();
    return index < forecast.coming.size() ? forecast.coming[index] : forecast.expected;
}

void add(const Evening& evening, std::span<const PastEvening> past, int minute, Measured& out) {
    const auto arrivals = arrivals_until(evening, kStarts, minute);
    const auto found = forecast({.now = kStarts + minutes{minute},
                                 .starts = kStarts,
                                 .sold = evening.sold,
                                 .capacity = std::nullopt,
                                 .arrivals = arrivals,
                                 .past = past});
    if (!found) return;
    const double sold = static_cast<double>(evening.sold);
    const Estimate ahead = at(*found, minute + 30);
    const std::uint64_t later = evening.entered_by(minute + 30);
    out.total_error += distance(found->expected.mid, evening.came) / sold;
    out.ahead_error += distance(ahead.mid, later) / sold;
    out.total_covered += inside(found->expected, evening.came);
    out.ahead_covered += inside(ahead, later);
    const std::uint64_t now = evening.entered_by(minute);
    const std::uint64_t plain = std::max(now, static_cast<std::uint64_t>(0.92 * sold));
    out.plain_total_error += distance(plain, evening.came) / sold;
    const std::uint64_t line =
        std::min(3 * now - 2 * evening.entered_by(minute - 15), evening.sold);
    out.plain_ahead_error += distance(line, later) / sold;
}

}  // namespace

std::array<Measured, kMeasuredAt.size()> measure(ForecastMethod method, std::uint64_t first,
                                                 int count) {
    std::array<Measured, kMeasuredAt.size()> out{};
    for (int i = 0; i < count; ++i) {
        const std::uint64_t seed = first + static_cast<std::uint64_t>(i);
        const Venue venue = venue_of(seed);
        const Evening evening = evening_at(venue, seed);
        std::vector<PastEvening> past;
        if (method == ForecastMethod::ShareOfArrivals) past = past_of(venue, seed);
        for (std::size_t k = 0; k < kMeasuredAt.size(); ++k)
            add(evening, past, kMeasuredAt[k], out[k]);
    }
    for (Measured& each : out) {
        each.total_error /= count;
        each.ahead_error /= count;
        each.total_covered /= count;
        each.ahead_covered /= count;
        each.plain_total_error /= count;
        each.plain_ahead_error /= count;
    }
    return out;
}

}  // namespace stile::sync
