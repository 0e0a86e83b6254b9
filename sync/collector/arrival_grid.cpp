// SPDX-License-Identifier: Apache-2.0
// Two passes over shift, stretch and total: a coarse one over all that is believed, and a fine one
// where the first found the weight.
#include "sync/collector/arrival_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace stile::sync {
namespace {

// The evening's own whims in a bin of five minutes, relative to what the curve expects of it.
constexpr double kWhim = 0.35;
// Neighbouring bins err together, so each tells less than if they did not.
constexpr double kTrust = 0.5;
constexpr double kHalfLife = 60;  // minutes after which a bin tells half as much
constexpr double kUnlikely = 1e-4;
// How far the share that came may be from the curve's: nobody knows it early, all know it late.
constexpr double kShareError = 0.016;
constexpr double kShareErrorEarly = 0.3;
constexpr double kLate = 20;  // the power of the share that came from which on it is late

struct Axis {
    Belief belief;
    double low = 0;
    double high = 0;
    int points = 1;

    double at(int index) const {
        return points == 1 ? (low + high) / 2 : low + (high - low) * index / (points - 1);
    }
    // Logarithm of the belief in `value`, up to a constant.
    double log_belief(double value) const {
        const double z = (value - belief.mean) / belief.deviation;
        return -0.5 * z * z;
    }
};

Axis all_of(const Belief& belief, int points) {
    const double low = std::max(belief.lowest, belief.mean - 2.5 * belief.deviation);
    const double high = std::min(belief.highest, belief.mean + 2.5 * belief.deviation);
    // Where the evening is beyond belief, what is possible counts.
    if (low >= high) return {belief, belief.lowest, belief.highest, points};
    return {belief, low, high, points};
}

struct Particle {
    double shift = 0;
    double log_stretch = 0;
    double log_total = 0;
    std::size_t curve = 0;
    double log_weight = 0;
};

bool same_curve(const Particle& a, const Particle& b) {
    return a.curve == b.curve && a.shift == b.shift && a.log_stretch == b.log_stretch;
}

struct Grid {
    Axis shift;
    Axis log_stretch;
    Axis log_total;
};

class Fit {
public:
    Fit(const ArrivalModel& model, const ArrivalsSoFar& so_far) : model_{model}, so_far_{so_far} {
        for (const Bin& bin : so_far_.bins)
            trust_.push_back(kTrust * std::exp2((bin.to - so_far_.now) / kHalfLife));
    }

    std::vector<Particle> weigh(const Grid& grid) const {
        std::vector<Particle> out;
        std::vector<double> shares(so_far_.bins.size());
        for (std::size_t curve = 0; curve < model_.curves.size(); ++curve)
            for (int i = 0; i < grid.shift.points; ++i)
                for (int k = 0; k < grid.log_stretch.points; ++k)
                    weigh_totals({.shift = grid.shift.at(i),
                                  .log_stretch = grid.log_stretch.at(k),
                                  .curve = curve},
                                 grid, shares, out);
        normalise(out);
        return out;
    }

    // Of those who have not come by now. Returns the share that has.
    double shares_to_come(const Particle& particle, std::span<const double> times,
                          std::span<double> out) const {
        const double came = share(particle, so_far_.now);
        for (std::size_t i = 0; i < times.size(); ++i)
            out[i] = came < 1 ? (share(particle, times[i]) - came) / (1 - came) : 0;
        return came;
    }

    // How many have not come. Early the total says it: a curve that is a little late makes nobody
    // stay at home. Late the curve says it: who was expected and is not there will not come.
    double rest(const Particle& particle, double came) const {
        const double total = std::exp(particle.log_total);
        const double by_total = std::max(total - so_far_.arrived, 0.0);
        const double late = std::pow(came, kLate);
        return (1 - late) * by_total + late * std::min(total * (1 - came), by_total);
    }

private:
    double share(const Particle& particle, double time) const {
        return model_.curves[particle.curve]((time - particle.shift) /
                                             std::exp(particle.log_stretch));
    }

    void weigh_totals(Particle particle, const Grid& grid, std::vector<double>& shares,
                      std::vector<Particle>& out) const {
        const double belief = grid.shift.log_belief(particle.shift) +
                              grid.log_stretch.log_belief(particle.log_stretch);
        shares_of_bins(particle, shares);
        const double came = share(particle, so_far_.now);
        for (int m = 0; m < grid.log_total.points; ++m) {
            particle.log_total = grid.log_total.at(m);
            particle.log_weight =
                belief + grid.log_total.log_belief(particle.log_total) +
                log_likelihood(std::exp(particle.log_total), shares) +
                log_agreement(so_far_.arrived / std::exp(particle.log_total), came);
            out.push_back(particle);
        }
    }

    // Of those who had not come when the bins begin.
    void shares_of_bins(const Particle& particle, std::vector<double>& shares) const {
        if (shares.empty()) return;
        double before = share(particle, so_far_.bins.front().from);
        const double rest = std::max(1 - before, 1e-6);
        for (std::size_t i = 0; i < shares.size(); ++i) {
            const double after = share(particle, so_far_.bins[i].to);
            shares[i] = std::max(after - before, 1e-9) / rest;
            before = after;
        }
    }

    // Negative binomial counts: Poisson ones whose rate varies by kWhim.
    double log_likelihood(double total, std::span<const double> shares) const {
        constexpr double kSize = 1 / (kWhim * kWhim);
        const double rest = std::max(total - so_far_.arrived_before, 0.5);
        double sum = 0;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            const double mean = rest * shares[i];
            const double people = so_far_.bins[i].people;
            sum +=
                trust_[i] * (people * std::log(mean) - (people + kSize) * std::log(mean + kSize));
        }
        return sum;
    }

    static double log_agreement(double arrived, double came) {
        const double z = (arrived - came) / (kShareError + kShareErrorEarly * (1 - came));
        return -0.5 * z * z;
    }

    static void normalise(std::vector<Particle>& particles) {
        double most = particles.front().log_weight;
        for (const Particle& particle : particles)
            most = std::max(most, particle.log_weight);
        for (Particle& particle : particles)
            particle.log_weight -= most;
        std::erase_if(particles, [](const Particle& particle) {
            return particle.log_weight < std::log(kUnlikely);
        });
    }

    const ArrivalModel& model_;
    const ArrivalsSoFar& so_far_;
    std::vector<double> trust_;
};

// The part of the axis that has the weight, with room around it for what the coarse grid missed.
Axis narrowed(const Axis& axis, std::span<const Particle> particles, double Particle::* value,
              int points) {
    double weight = 0;
    double mean = 0;
    double square = 0;
    for (const Particle& particle : particles) {
        const double w = std::exp(particle.log_weight);
        const double x = particle.*value;
        weight += w;
        mean += w * x;
        square += w * x * x;
    }
    mean /= weight;
    const double step = axis.points > 1 ? (axis.high - axis.low) / (axis.points - 1) : 0;
    const double deviation =
        std::max(std::sqrt(std::max(square / weight - mean * mean, 0.0)), 0.4 * step);
    const double low = std::max(axis.low, mean - 2.5 * deviation);
    const double high = std::min(axis.high, mean + 2.5 * deviation);
    return {axis.belief, low, high, points};
}

// Weighted quantiles of numbers between 0 and 1, by counting them into slots.
class Quantiles {
public:
    void add(double value, double weight) {
        const auto slot = static_cast<std::size_t>(std::clamp(value, 0.0, 1.0) * kSlots);
        weights_[std::min(slot, kSlots - 1)] += weight;
        sum_ += weight;
    }
    // Straight between the middles of the slots: the grid's points are lumps of something smooth.
    double at(double share) const {
        const double wanted = share * sum_;
        double below = 0;  // the weight up to `low`
        double low = 0;
        double before = 0;
        for (std::size_t i = 0; i < kSlots; ++i) {
            if (weights_[i] <= 0) continue;
            const double middle = before + weights_[i] / 2;
            const double value = (static_cast<double>(i) + 0.5) / kSlots;
            if (middle >= wanted)
                return before > 0 ? low + (value - low) * (wanted - below) / (middle - below)
                                  : value;
            below = middle;
            low = value;
            before += weights_[i];
        }
        return low;
    }

private:
    static constexpr std::size_t kSlots = 1024;
    std::array<double, kSlots> weights_{};
    double sum_ = 0;
};

std::vector<Spread> spreads(const Fit& fit, std::span<const Particle> particles,
                            const ArrivalsSoFar& so_far, std::span<const double> times) {
    double most = 1;
    for (const Particle& particle : particles)
        most = std::max(most, std::exp(particle.log_total) - so_far.arrived);
    std::vector<Quantiles> quantiles(times.size() + 1);
    std::vector<double> shares(times.size());
    double came = 0;
    const Particle* last = nullptr;
    for (const Particle& particle : particles) {
        if (last == nullptr || !same_curve(*last, particle))
            came = fit.shares_to_come(particle, times, shares);
        last = &particle;
        const double weight = std::exp(particle.log_weight);
        const double rest = fit.rest(particle, came) / most;
        for (std::size_t i = 0; i < times.size(); ++i)
            quantiles[i].add(rest * shares[i], weight);
        quantiles.back().add(rest, weight);
    }
    std::vector<Spread> out;
    for (const Quantiles& found : quantiles) {
        const auto people = [&](double share) { return so_far.arrived + most * found.at(share); };
        out.push_back({people(0.1), people(0.5), people(0.9)});
    }
    return out;
}

}  // namespace

std::vector<Spread> expect_arrivals(const ArrivalModel& model, const ArrivalsSoFar& so_far,
                                    std::span<const double> times) {
    const Fit fit{model, so_far};
    const Grid coarse{all_of(model.shift, 13), all_of(model.log_stretch, 7),
                      all_of(model.log_total, 5)};
    const std::vector<Particle> first = fit.weigh(coarse);
    const Grid fine{narrowed(coarse.shift, first, &Particle::shift, 11),
                    narrowed(coarse.log_stretch, first, &Particle::log_stretch, 7),
                    narrowed(coarse.log_total, first, &Particle::log_total, 11)};
    return spreads(fit, fit.weigh(fine), so_far, times);
}

}  // namespace stile::sync
