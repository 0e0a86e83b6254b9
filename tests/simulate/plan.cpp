// SPDX-License-Identifier: Apache-2.0
// Parties arrive along a curve; some of their tickets have a story.
#include "tests/simulate/plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "crypto/base/sort_stably.hpp"
#include "tests/sync/evenings.hpp"

namespace stile::simulate {
namespace {

constexpr Scenario kScenarios[] = {
    {.name = "evening",
     .about = "refunds, copies, forgeries, a broken reader, a network cut, a gate that dies",
     .refunded = 0.02,
     .refunded_inside = 0.01,
     .copied = 0.02,
     .forged = 0.02,
     .wrong_day = 0.01,
     .smokers = 0.05,
     .refund = Minutes{70},
     .broken_reader = Spell{Minutes{60}, Minutes{90}, 2},
     .network_cut = Spell{Minutes{75}, Minutes{100}, 1},
     .dead_gate = Spell{Minutes{105}, Minutes{112}, 0}},
    {.name = "calm", .about = "everybody has a good ticket and everything works"},
    {.name = "crime",
     .about = "many copies, forgeries and refunded tickets; everything works",
     .refunded = 0.08,
     .refunded_inside = 0.02,
     .copied = 0.1,
     .forged = 0.1,
     .wrong_day = 0.05,
     .refund = Minutes{50}},
};

constexpr Minutes kFirstGuest{1};
constexpr int kLastMinute = 40;  // after the show began

// As people come to a large hall, by the generator that forecasts are measured with: people in each
// minute from kFirstGuest on.
std::vector<double> curve(std::uint64_t seed) {
    const sync::Venue hall{.crowd = sync::Crowd::Steady,
                           .places = 20'000,
                           .doors = -kShow.count(),
                           .shape_one = 0.5,
                           .shape_two = 0.5,
                           .lanes_share = 0.03};
    const sync::Evening evening = sync::evening_at(hall, seed);
    std::vector<double> people;
    const auto first = static_cast<int>((kFirstGuest - kShow).count()) - evening.first;
    const auto last = static_cast<int>(kLastMinute) - evening.first;
    for (int i = first; i < last; ++i)
        people.push_back(evening.entered.at(static_cast<std::size_t>(i)));
    return people;
}

class Planner {
public:
    explicit Planner(const Wishes& wishes)
        : wishes_{wishes},
          story_{*wishes.scenario},
          random_{wishes.seed},
          minutes_{curve(wishes.seed)},
          curve_(minutes_.begin(), minutes_.end()) {}

    Plan plan() {
        while (sold_ < wishes_.people)
            party();
        std::ranges::shuffle(singles_, random_);
        copies();
        refunds_inside();
        smokers();
        if (story_.refund) refunded();
        strangers(Kind::Forged, Reason::Invalid, story_.forged / 2);
        strangers(Kind::Changed, Reason::Invalid, story_.forged / 2);
        strangers(Kind::ForTomorrow, Reason::InvalidTime, story_.wrong_day / 2);
        strangers(Kind::OfYesterday, Reason::InvalidTime, story_.wrong_day / 2);
        sort_stably(plan_.showings, &Showing::at);
        if (!plan_.showings.empty()) plan_.last = plan_.showings.back().at;
        return std::move(plan_);
    }

private:
    Minutes arrival() {
        return kFirstGuest + Minutes{static_cast<double>(curve_(random_)) + between(0, 1)};
    }
    // The first gate is the one at the station.
    std::size_t gate() {
        const auto draw = below(wishes_.gates + 1);
        return draw == wishes_.gates ? 0 : draw;
    }
    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>{0, end - 1}(random_);
    }
    double between(double low, double high) {
        return std::uniform_real_distribution{low, high}(random_);
    }
    // At least one where the scenario has any at all.
    std::size_t count(double share) const {
        if (share <= 0) return 0;
        const double people = share * static_cast<double>(wishes_.people);
        return std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(people)));
    }
    std::size_t ticket(Kind kind, std::uint8_t people = 1) {
        plan_.tickets.push_back({plan_.tickets.size() + 1, people, kind});
        return plan_.tickets.size() - 1;
    }
    void show(const Showing& showing) { plan_.showings.push_back(showing); }

    // Friends come together: with one ticket for all, or one for each.
    void party() {
        constexpr std::array<std::size_t, 10> kSizes{1, 1, 2, 2, 2, 2, 3, 4, 4, 6};
        const std::size_t people = std::min(kSizes[below(kSizes.size())], wishes_.people - sold_);
        const Minutes at = arrival();
        const std::size_t where = gate();
        const bool together = people > 1 && below(3) == 0;
        sold_ += people;
        for (std::size_t i = 0; i < (together ? 1 : people); ++i) {
            const auto number =
                ticket(Kind::Sold, together ? static_cast<std::uint8_t>(people) : std::uint8_t{1});
            if (!together) singles_.push_back(plan_.showings.size());
            show({.at = at, .ticket = number, .gate = where});
        }
    }
    // Somebody with a ticket of their own to whom nothing else happens; nothing: nobody is left.
    std::optional<Showing> somebody(Minutes before) {
        const auto fits = [&](std::size_t at) { return plan_.showings[at].at < before; };
        const auto found = std::ranges::find_if(singles_, fits);
        if (found == singles_.end()) return std::nullopt;
        const Showing first = plan_.showings[*found];
        singles_.erase(found);
        return first;
    }

    // A screenshot comes a while after the ticket: to the same gate, which knows it, and then to
    // another one, which does not. What two gates let in, the collector finds.
    void copies() {
        for (std::size_t i = 0; i < count(story_.copied); ++i) {
            const auto owner = somebody(kShow);
            if (!owner) return;
            Showing copy = *owner;
            copy.at += Minutes{between(3, 15)};
            copy.needs = Needs::Inside;
            copy.expected = Reason::Used;
            show(copy);
            if (wishes_.gates == 1 || i % 2 == 1) continue;
            copy.at += Minutes{between(3, 8)};
            copy.gate = (copy.gate + 1 + below(wishes_.gates - 1)) % wishes_.gates;
            copy.expected = Reason::Valid;
            show(copy);
        }
    }
    void refunds_inside() {
        if (!story_.refund) return;
        for (std::size_t i = 0; i < count(story_.refunded_inside); ++i) {
            const auto owner = somebody(*story_.refund - Minutes{10});
            if (!owner) return;
            plan_.refunds.push_back(owner->ticket);
            ++plan_.refunded_inside;
        }
    }
    void smokers() {
        for (std::size_t i = 0; i < count(story_.smokers); ++i) {
            auto owner = somebody(kShow);
            if (!owner) return;
            owner->at += Minutes{between(10, 30)};
            owner->direction = Direction::Exit;
            owner->needs = Needs::Inside;
            show(*owner);
            owner->at += Minutes{between(5, 12)};
            owner->direction = Direction::Entry;
            owner->needs = Needs::Outside;
            show(*owner);
        }
    }
    // They come all the same; the first of them tries three gates within ten minutes.
    void refunded() {
        for (std::size_t i = 0; i < count(story_.refunded); ++i) {
            Showing visit{.at = *story_.refund + Minutes{between(5, 30)},
                          .ticket = ticket(Kind::Sold),
                          .gate = gate(),
                          .needs = Needs::Refund,
                          .expected = Reason::Revoked};
            plan_.refunds.push_back(visit.ticket);
            show(visit);
            for (std::size_t more = 1; i == 0 && more < std::min<std::size_t>(3, wishes_.gates);
                 ++more) {
                visit.gate = (visit.gate + 1) % wishes_.gates;
                visit.at += Minutes{between(2, 4)};
                show(visit);
            }
        }
    }
    void strangers(Kind kind, Reason expected, double share) {
        for (std::size_t i = 0; i < count(share); ++i)
            show({.at = arrival(), .ticket = ticket(kind), .gate = gate(), .expected = expected});
    }

    const Wishes& wishes_;
    const Scenario& story_;
    std::mt19937_64 random_;
    std::vector<double> minutes_;
    std::discrete_distribution<int> curve_;
    std::size_t sold_ = 0;
    std::vector<std::size_t> singles_;  // showings of people with a ticket of their own
    Plan plan_;
};

}  // namespace

std::span<const Scenario> scenarios() {
    return kScenarios;
}

const Scenario* scenario_named(std::string_view name) {
    const auto* const found = std::ranges::find(kScenarios, name, &Scenario::name);
    return found == std::end(kScenarios) ? nullptr : found;
}

Plan plan_evening(const Wishes& wishes) {
    return Planner{wishes}.plan();
}

}  // namespace stile::simulate
