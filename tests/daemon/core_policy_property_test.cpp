// SPDX-License-Identifier: Apache-2.0
// What must hold whatever a policy says: random policies, random crowds.
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "tests/daemon/venue.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using namespace stile::test;
using std::chrono::minutes;

class Chance {
public:
    explicit Chance(unsigned seed) : engine_{seed} {}
    std::uint32_t below(std::uint32_t limit) {
        return static_cast<std::uint32_t>(engine_()) % limit;
    }
    bool once_in(std::uint32_t times) { return below(times) == 0; }

private:
    std::mt19937 engine_;
};

constexpr Passback kModes[] = {Passback::Off, Passback::Soft, Passback::Timed, Passback::Hard};
constexpr Doubt kDoubts[] = {Doubt::Admit, Doubt::Flag, Doubt::Refuse};

void shake_areas(Venue& venue, Chance& chance) {
    for (Area& area : venue.areas) {
        area.passback = kModes[chance.below(4)];
        area.passback_time = minutes{chance.below(120)};
        area.parents = chance.once_in(3) ? Parents::Strict : Parents::Lenient;
        if (chance.once_in(2)) area.capacity = chance.below(12);
        if (chance.once_in(3)) area.daily_reset = minutes{chance.below(1440)};
        if (chance.once_in(4)) area.exempt = 2;
    }
}

Slot any_slot(Chance& chance) {
    return {.days = static_cast<std::uint8_t>(1 + chance.below(127)),
            .from = minutes{chance.below(1440)},
            .to = minutes{chance.below(1440)},
            .early = minutes{chance.below(60)},
            .late = minutes{chance.below(60)}};
}

void shake_terms(Venue& venue, Chance& chance) {
    Terms& terms = venue.terms();
    terms.class_number = static_cast<std::uint8_t>(chance.below(2));
    terms.assurance = crypto::Assurance{static_cast<std::uint8_t>(chance.below(5))};
    terms.group = chance.once_in(3) ? GroupMode::Together : GroupMode::OneByOne;
    terms.reissue = chance.once_in(3) ? ReissueMode::Replaces : ReissueMode::Counts;
    if (chance.once_in(4)) terms.slots.push_back(any_slot(chance));
    if (chance.once_in(4)) terms.lists = {chance.below(3)};
    venue.policy.freshness = {kDoubts[chance.below(3)], minutes{chance.below(10)}};
    venue.policy.clock = {kDoubts[chance.below(3)], kDoubts[chance.below(3)],
                          kDoubts[chance.below(3)], kDoubts[chance.below(3)]};
    if (chance.once_in(8)) venue.policy.other_products.reset();
}

constexpr std::string_view kLanes[] = {"arena", "hall", "box", "lounge", "stage-door", "nowhere"};

void shake_facts(Venue& venue, Chance& chance) {
    PolicyFacts& facts = venue.facts;
    venue.goes(kLanes[chance.below(6)]);
    venue.at(kFriday + minutes{chance.below(3 * 1440)});
    facts.list.list = chance.below(3);
    facts.assurance = crypto::Assurance{static_cast<std::uint8_t>(chance.below(5))};
    facts.reissue = static_cast<std::uint8_t>(chance.below(3));
    facts.admissions = static_cast<std::uint8_t>(chance.once_in(8) ? 255 : 1 + chance.below(4));
    facts.may_enter = static_cast<std::uint8_t>(1 + chance.below(4));
    venue.is_in(chance.below(6), facts.now - minutes{chance.below(2000)});
    facts.holder.highest_reissue = static_cast<std::uint8_t>(chance.below(3));
    facts.clock = ClockTrust{static_cast<std::uint8_t>(chance.below(3))};
    facts.list_age = std::chrono::seconds{chance.below(1200)};
    for (std::int64_t& people : venue.people)
        people = chance.below(6);
}

Venue any_venue(Chance& chance) {
    Venue venue;
    shake_areas(venue, chance);
    shake_facts(venue, chance);
    shake_terms(venue, chance);
    return venue;
}

TEST(PolicyProperty, NeverRefusesAnExit) {
    Chance chance{1};
    for (int round = 0; round < 20'000; ++round) {
        Venue venue = any_venue(chance);
        venue.facts.direction = Direction::Exit;
        ASSERT_FALSE(venue.ask().refusal) << round;
    }
}

TEST(PolicyProperty, HasAReasonAndWordsForEveryRefusal) {
    Chance chance{2};
    std::map<Reason, int> seen;
    for (int round = 0; round < 20'000; ++round) {
        Venue venue = any_venue(chance);
        const Ruling ruling = venue.ask();
        if (!ruling.refusal) continue;
        ASSERT_FALSE(ruling.refusal->words.view().empty());
        ++seen[ruling.refusal->reason];
    }
    EXPECT_EQ(seen.size(), 7U);  // PRODUCT, INVALID_TIME, ASSURANCE, PASSBACK, CAPACITY, ...
}

// One restriction more, of each kind that there is.
void restrict_area(Area& area, Chance& chance) {
    switch (chance.below(4)) {
        case 0:
            area.capacity = area.capacity ? chance.below(*area.capacity + 1) : 3;
            break;
        case 1:
            area.passback = Passback::Hard;
            break;
        case 2:
            // A soft area only flags whoever skips its parent.
            area.parents = Parents::Strict;
            break;
        default:
            area.exempt = 0;
            break;
    }
}

void restrict_terms(Venue& venue, Chance& chance) {
    if (!venue.policy.other_products) return;
    Terms& terms = venue.terms();
    switch (chance.below(6)) {
        case 0:
            terms.assurance = crypto::Assurance::MutualCard;
            break;
        case 1:
            if (terms.slots.empty()) terms.slots = {any_slot(chance)};
            break;
        case 2:
            if (terms.lists.empty()) terms.lists = {1};
            break;
        case 3:
            venue.policy.freshness.when_stale = Doubt::Refuse;
            break;
        case 4:
            venue.policy.clock = {Doubt::Refuse, Doubt::Refuse, Doubt::Refuse, Doubt::Refuse};
            break;
        default:
            venue.policy.other_products.reset();
            break;
    }
}

TEST(PolicyProperty, NeverAdmitsMoreBecauseOfARestriction) {
    Chance chance{3};
    int refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        Venue venue = any_venue(chance);
        const bool before = venue.reason() == Reason::Valid;
        if (chance.once_in(2)) {
            restrict_area(venue.areas[chance.below(4)], chance);
        } else {
            restrict_terms(venue, chance);
        }
        const bool after = venue.reason() == Reason::Valid;
        ASSERT_TRUE(before || !after) << round;
        if (before && !after) ++refused;
    }
    EXPECT_GT(refused, 300);
}

// A crowd that goes in and out by the rules, as the ledger keeps its state.
class Crowd {
public:
    explicit Crowd(Chance& chance) : chance_{chance} {
        shake_areas(venue_, chance);
        for (Area& area : venue_.areas)
            area.exempt = 0;
        venue_.terms().group = chance.once_in(2) ? GroupMode::Together : GroupMode::OneByOne;
        tree_ = AreaTree::make(venue_.areas).value();
    }

    void step() {
        now_ += minutes{chance_.below(30)};
        Ticket& ticket = tickets_[chance_.below(40)];
        const bool leaves = ticket.inside > 0 && chance_.once_in(2);
        venue_.goes(kLanes[chance_.below(5)], leaves ? Direction::Exit : Direction::Entry);
        venue_.at(now_);
        venue_.facts.admissions = ticket.admissions;
        venue_.facts.may_enter = static_cast<std::uint8_t>(1 + chance_.below(4));
        venue_.facts.holder = {ticket.area, ticket.since, ticket.inside, 0};
        const Ruling ruling = venue_.ask();
        if (ruling.refusal) return;
        const auto before = totals();
        pass(ticket, ruling.duties, leaves);
        check_capacity(before, leaves);
    }

private:
    struct Ticket {
        std::uint8_t admissions = 2;
        std::uint32_t area = kOutside;
        WallTime since;
        std::uint32_t inside = 0;
    };

    void pass(Ticket& ticket, const Duties& duties, bool leaves) {
        std::int64_t& from = venue_.people[tree_.place(duties.from_area)];
        from = std::max<std::int64_t>(from - duties.people, 0);
        venue_.people[tree_.place(duties.to_area)] += duties.people;
        ticket.area = duties.to_area;
        ticket.since = now_;
        const std::uint32_t less = std::min<std::uint32_t>(ticket.inside, duties.people);
        ticket.inside = leaves ? ticket.inside - less : ticket.inside + duties.people;
    }
    [[nodiscard]] std::vector<std::int64_t> totals() const {
        std::vector<std::int64_t> totals;
        for (std::size_t place = 0; place < tree_.areas().size(); ++place)
            totals.push_back(*people_within(tree_, place, venue_.people));
        return totals;
    }
    // An exit may lead into an area that is full, so only entries are held against the limit.
    void check_capacity(const std::vector<std::int64_t>& before, bool leaves) const {
        const auto after = totals();
        for (std::size_t place = 1; place < after.size() && !leaves; ++place) {
            const auto capacity = tree_.areas()[place].capacity;
            if (!capacity || after[place] <= before[place]) continue;
            ASSERT_LE(after[place], *capacity) << tree_.areas()[place].name;
        }
    }

    Chance& chance_;
    Venue venue_;
    AreaTree tree_;
    WallTime now_ = kFriday;
    std::map<std::uint32_t, Ticket> tickets_;
};

TEST(PolicyProperty, NeverLetsAnEntryFillAnAreaBeyondItsCapacity) {
    Chance chance{4};
    for (int venue = 0; venue < 100; ++venue) {
        Crowd crowd{chance};
        for (int step = 0; step < 300 && !testing::Test::HasFatalFailure(); ++step)
            crowd.step();
    }
}

}  // namespace
}  // namespace stile
