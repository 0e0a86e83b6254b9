// SPDX-License-Identifier: Apache-2.0
// Parties wish to come, some do not, trains and rain change it, and the gates let in what they can.
#include "tests/sync/evenings.hpp"

#include <algorithm>
#include <cmath>

namespace stile::sync {
namespace {

using Random = std::mt19937_64;

constexpr int kFirst = -300;
constexpr int kLast = 180;

double between(Random& random, double low, double high) {
    return std::uniform_real_distribution{low, high}(random);
}

double normal(Random& random, double mean, double deviation) {
    return std::normal_distribution{mean, deviation}(random);
}

double beta(Random& random, double a, double b) {
    const double x = std::gamma_distribution{a, 1.0}(random);
    return x / (x + std::gamma_distribution{b, 1.0}(random));
}

// Minutes to the start at which a party would like to be at the gate. The venue's two shapes and
// the evening's own small differences (`whim`, about 1) make the curve.
double wish(const Venue& venue, double whim, Random& random) {
    const double one = venue.shape_one;
    const double two = venue.shape_two;
    switch (venue.crowd) {
        case Crowd::Steady:
            return -150 * whim + 190 * beta(random, 3 + 3 * one, 1.5 + 1.5 * two);
        case Crowd::TwoCrowds:
            if (between(random, 0, 1) < 0.25 + 0.25 * one) return normal(random, -95 * whim, 18);
            return normal(random, -15 - 25 * two * whim, 13);
        case Crowd::LeadTimes:
            return 10 -
                   std::exp(normal(random, std::log((30 + 30 * one) * whim), 0.35 + 0.3 * two));
        case Crowd::Ramp: {
            const double peak = -35 + 20 * one;
            const double rise = 110 * whim;
            const double fall = 25 + 20 * two;
            if (between(random, 0, rise + fall) < rise)
                return peak - rise * (1 - std::sqrt(between(random, 0, 1)));
            return peak + fall * (1 - std::sqrt(between(random, 0, 1)));
        }
        case Crowd::Trains: {
            const double every = 15 + 10 * one;
            const double wanted = normal(random, -45 * whim, 22 + 10 * two);
            return std::floor(wanted / every) * every + std::gamma_distribution{3.0, 2.5}(random);
        }
    }
    return 0;
}

int party(Random& random) {
    constexpr std::array<int, 20> kSizes{1, 1, 1, 2, 2, 2, 2, 2, 2, 2,
                                         2, 2, 2, 3, 3, 4, 4, 4, 5, 8};
    return kSizes[std::uniform_int_distribution<std::size_t>{0, kSizes.size() - 1}(random)];
}

// What happened to the whole evening.
struct Trouble {
    Incident incident = Incident::None;
    double share = 0;
    double minutes = 0;
};

Trouble trouble(Random& random) {
    const double dice = between(random, 0, 1);
    if (dice < 0.5) return {};
    if (dice < 0.67)
        return {Incident::LateTrain, between(random, 0.1, 0.3), between(random, 15, 45)};
    if (dice < 0.84) return {Incident::Rain, between(random, 0.2, 0.5), between(random, 5, 20)};
    return {Incident::DoorsDelayed, 0, between(random, 10, 45)};
}

double troubled(const Trouble& what, double time, Random& random) {
    switch (what.incident) {
        case Incident::None:
        case Incident::DoorsDelayed:
            return time;
        case Incident::LateTrain:  // those who were on it come together
            if (time > -60 && between(random, 0, 1) < what.share)
                return std::max(time, -55.0) + what.minutes + between(random, -4, 4);
            return time;
        case Incident::Rain:  // some wait at home, none stand about outside
            if (between(random, 0, 1) < what.share)
                return time + std::exponential_distribution{1 / what.minutes}(random);
            return time;
    }
    return time;
}

// How many are at the gates in each minute.
std::vector<std::uint32_t> crowd_at_the_gates(const Evening& evening, const Trouble& what,
                                              Random& random) {
    std::vector<std::uint32_t> out(kLast - kFirst);
    const double whim = between(random, 0.85, 1.15);
    const double shift = normal(random, 0, 5);
    const double absent = evening.venue.absent * between(random, 0.5, 1.5);
    std::uint64_t left = evening.sold;
    while (left > 0) {
        const auto people =
            std::min<std::uint64_t>(static_cast<std::uint64_t>(party(random)), left);
        left -= people;
        const double time = troubled(what, wish(evening.venue, whim, random) + shift, random);
        if (between(random, 0, 1) < absent) continue;
        const auto minute = std::clamp(static_cast<int>(std::floor(time)), kFirst, kLast - 1);
        out[static_cast<std::size_t>(minute - kFirst)] += static_cast<std::uint32_t>(people);
    }
    return out;
}

void let_in(Evening& evening, const std::vector<std::uint32_t>& crowd, const Trouble& what,
            Random& random) {
    const double doors =
        evening.venue.doors + (what.incident == Incident::DoorsDelayed ? what.minutes : 0);
    const double wet = what.incident == Incident::Rain ? 0.8 : 1;
    const double most = wet * evening.venue.lanes_share * static_cast<double>(evening.venue.places);
    std::uint64_t queue = 0;
    for (std::size_t i = 0; i < crowd.size(); ++i) {
        queue += crowd[i];
        std::uint64_t entered = 0;
        if (kFirst + static_cast<int>(i) >= doors)
            entered = std::min(
                queue, static_cast<std::uint64_t>(std::ceil(most * between(random, 0.8, 1.05))));
        queue -= entered;
        evening.came += entered;
        evening.entered.push_back(static_cast<std::uint32_t>(entered));
    }
}

}  // namespace

Venue venue_of(std::uint64_t seed) {
    Random random{seed * 7919 + 1};
    constexpr std::array<double, 3> kDoors{-60, -90, -120};
    Venue out{.crowd = static_cast<Crowd>(seed % 5)};
    out.places =
        static_cast<std::uint64_t>(std::exp(between(random, std::log(400), std::log(40'000))));
    out.doors = kDoors[std::uniform_int_distribution<std::size_t>{0, 2}(random)];
    out.shape_one = between(random, 0, 1);
    out.shape_two = between(random, 0, 1);
    out.absent = 0.02 + 0.25 * beta(random, 1.5, 5);
    out.lanes_share = between(random, 0.012, 0.03);
    return out;
}

Evening evening_at(const Venue& venue, std::uint64_t seed) {
    Random random{seed * 104'729 + 3};
    Evening out{.venue = venue, .first = kFirst};
    out.sold =
        static_cast<std::uint64_t>(static_cast<double>(venue.places) * between(random, 0.5, 1.0));
    const Trouble what = trouble(random);
    out.incident = what.incident;
    let_in(out, crowd_at_the_gates(out, what, random), what, random);
    return out;
}

std::uint64_t Evening::entered_by(int minute) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < entered.size() && first + static_cast<int>(i) < minute; ++i)
        sum += entered[i];
    return sum;
}

std::vector<MinuteOfPeople> arrivals_until(const Evening& evening, Minute starts, int minute) {
    std::vector<MinuteOfPeople> out;
    for (int at = evening.first; at < minute; ++at) {
        const auto index = static_cast<std::size_t>(at - evening.first);
        if (index < evening.entered.size() && evening.entered[index] > 0)
            out.push_back({starts + std::chrono::minutes{at}, evening.entered[index]});
    }
    return out;
}

}  // namespace stile::sync
