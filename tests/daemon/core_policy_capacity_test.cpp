// SPDX-License-Identifier: Apache-2.0
// From where to where people are counted, and how many an area holds.
#include <gtest/gtest.h>

#include "tests/daemon/venue.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using namespace stile::test;

struct Counted {
    std::uint32_t from;
    std::uint32_t to;
    friend bool operator==(const Counted&, const Counted&) = default;
    friend void PrintTo(const Counted& c, std::ostream* out) { *out << c.from << "->" << c.to; }
};

class PolicyCounting : public testing::Test {
protected:
    Venue venue;

    Counted counted() {
        const Duties duties = venue.ask().duties;
        return {duties.from_area, duties.to_area};
    }
};

TEST_F(PolicyCounting, TakesPeopleFromWhereTheyWere) {
    venue.goes("hall");
    venue.is_in(kArena);
    EXPECT_EQ(counted(), (Counted{kArena, kHall}));
    venue.is_in(kLounge);
    EXPECT_EQ(counted(), (Counted{kLounge, kHall}));
    venue.is_in(kOutside);
    EXPECT_EQ(counted(), (Counted{kOutside, kHall}));
}

TEST_F(PolicyCounting, LeavesAnAreaWithTheOneAroundIt) {
    venue.goes("arena", Direction::Exit);
    for (const std::uint32_t area : {kArena, kHall, kBox, kLounge}) {
        venue.is_in(area);
        EXPECT_EQ(counted(), (Counted{area, kOutside}));
    }
}

TEST_F(PolicyCounting, BelievesTheLaneWhereTheTicketCannotBe) {
    venue.goes("hall");
    venue.is_in(kHall);  // a copy, or the second of a group
    EXPECT_EQ(counted(), (Counted{kArena, kHall}));
    venue.goes("hall", Direction::Exit);
    venue.is_in(kOutside);
    EXPECT_EQ(counted(), (Counted{kHall, kArena}));
}

TEST_F(PolicyCounting, TakesNobodyFromWhereAResetHasForgottenThem) {
    venue.area(kArena).daily_reset = 6h;
    venue.goes("arena", Direction::Exit);
    venue.is_in(kHall, kFriday - 20h);
    EXPECT_EQ(counted(), (Counted{kOutside, kOutside}));
    venue.goes("hall");
    EXPECT_EQ(counted(), (Counted{kOutside, kHall}));
    venue.area(kArena).daily_reset.reset();
    venue.area(kHall).daily_reset = 6h;
    venue.goes("lounge");
    EXPECT_EQ(counted(), (Counted{kOutside, kLounge}));
}

TEST_F(PolicyCounting, LeavesPeopleWhereTheyAreAtALaneThatLeadsToNoArea) {
    venue.goes("cloakroom");
    venue.is_in(kHall);
    EXPECT_EQ(counted(), (Counted{kHall, kHall}));
    venue.goes("cloakroom", Direction::Exit);
    EXPECT_EQ(counted(), (Counted{kHall, kOutside}));
}

class PolicyCapacity : public testing::Test {
protected:
    void crew() { venue.terms().class_number = 1; }
    Venue venue;

    // Of one area itself.
    void people(std::uint32_t area, std::int64_t number) {
        venue.people[AreaTree::make(venue.areas).value().place(area)] = number;
    }
};

TEST_F(PolicyCapacity, RefusesTheOneWhoIsTooMany) {
    venue.area(kArena).capacity = 100;
    people(kArena, 99);
    EXPECT_EQ(venue.reason(), Reason::Valid);
    people(kArena, 100);
    EXPECT_EQ(venue.reason(), Reason::Capacity);
    EXPECT_EQ(venue.words(), "the arena is full. Please wait here.");
}

TEST_F(PolicyCapacity, RefusesEverybodyWhereItIsNothing) {
    venue.area(kArena).capacity = 0;
    EXPECT_EQ(venue.reason(), Reason::Capacity);
}

TEST_F(PolicyCapacity, CountsTheAreasInside) {
    venue.area(kArena).capacity = 100;
    people(kArena, 20);
    people(kHall, 40);
    people(kBox, 30);
    people(kLounge, 9);
    EXPECT_EQ(venue.reason(), Reason::Valid);
    people(kLounge, 10);
    EXPECT_EQ(venue.reason(), Reason::Capacity);
}

TEST_F(PolicyCapacity, OfAParentCountsForTheAreasInside) {
    venue.area(kArena).capacity = 10;
    people(kArena, 10);
    venue.goes("stage-door");
    EXPECT_EQ(venue.reason(), Reason::Capacity);
    EXPECT_EQ(venue.words(), "the arena is full. Please wait here.");
}

TEST_F(PolicyCapacity, LetsPeopleMoveInsideAFullArea) {
    venue.area(kArena).capacity = 10;
    people(kArena, 12);
    venue.goes("hall");
    venue.is_in(kArena);
    EXPECT_EQ(venue.reason(), Reason::Valid);
    people(kArena, 0);  // but not somebody whom nobody has counted there
    people(kLounge, 12);
    EXPECT_EQ(venue.reason(), Reason::Capacity);
}

TEST_F(PolicyCapacity, CountsAWholeGroup) {
    venue.area(kArena).capacity = 10;
    people(kArena, 6);
    venue.terms().group = GroupMode::Together;
    venue.facts.admissions = 5;
    venue.facts.may_enter = 4;
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.facts.may_enter = 5;
    EXPECT_EQ(venue.reason(), Reason::Capacity);
    EXPECT_EQ(venue.words(), "the arena has room for 4 of the 5 of you. Please wait here.");
}

TEST_F(PolicyCapacity, DoesNotConcernExemptClasses) {
    venue.area(kArena).capacity = 10;
    people(kArena, 10);
    crew();
    EXPECT_EQ(venue.reason(), Reason::Capacity);
    venue.policy.capacity_exempt = 2;
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.policy.capacity_exempt = 0;
    venue.area(kArena).exempt = 2;
    EXPECT_EQ(venue.reason(), Reason::Valid);
}

TEST_F(PolicyCapacity, NeverRefusesAnExit) {
    venue.area(kArena).capacity = 10;
    people(kArena, 500);
    venue.goes("hall", Direction::Exit);
    venue.is_in(kHall);
    EXPECT_EQ(venue.reason(), Reason::Valid);
}

TEST_F(PolicyCapacity, TakesAnAreaThatNobodyCountedForFull) {
    venue.area(kArena).capacity = 10;
    venue.people.resize(2);  // the outside and the arena itself
    EXPECT_EQ(venue.reason(), Reason::Capacity);
    venue.area(kArena).capacity.reset();
    EXPECT_EQ(venue.reason(), Reason::Valid);
}

TEST_F(PolicyCapacity, TakesFewerThanNobodyForNobody) {
    venue.area(kArena).capacity = 10;
    people(kArena, -1000);
    people(kHall, 10);
    EXPECT_EQ(venue.reason(), Reason::Capacity);
}

TEST_F(PolicyCapacity, HasAnAnswerForNumbersBeyondReason) {
    venue.area(kArena).capacity = UINT32_MAX;
    for (std::int64_t& number : venue.people)
        number = INT64_MAX;
    EXPECT_EQ(venue.reason(), Reason::Capacity);
}

}  // namespace
}  // namespace stile
