// SPDX-License-Identifier: Apache-2.0
// Anti-passback: every mode, parents, groups, exempt classes, exits.
#include <gtest/gtest.h>

#include "daemon/entry/entry.hpp"
#include "tests/daemon/venue.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using namespace stile::test;

class PolicyPassback : public testing::Test {
protected:
    void crew() { venue.terms().class_number = 1; }
    Venue venue;
};

TEST_F(PolicyPassback, IsNobodysBusinessWhereItIsOff) {
    venue.is_in(kArena);
    EXPECT_EQ(venue.reason(), Reason::Valid);
    EXPECT_EQ(venue.flags(), 0);
}

TEST_F(PolicyPassback, IsFlaggedWhereItIsSoft) {
    venue.area(kArena).passback = Passback::Soft;
    venue.is_in(kArena);
    EXPECT_EQ(venue.reason(), Reason::Valid);
    EXPECT_EQ(venue.flags(), kFlagPassback);
}

TEST_F(PolicyPassback, IsRefusedForSomeTimeWhereItIsTimed) {
    venue.area(kArena).passback = Passback::Timed;
    venue.area(kArena).passback_time = 30min;
    venue.is_in(kArena, kFriday - 30min + 1ms);
    EXPECT_EQ(venue.reason(), Reason::Passback);
    EXPECT_EQ(venue.words(), "This ticket has just entered the arena. It is good again at 18:01.");
    venue.is_in(kArena, kFriday - 30min);
    EXPECT_EQ(venue.reason(), Reason::Valid);
}

TEST_F(PolicyPassback, IsRefusedForEverWhereItIsHard) {
    venue.area(kArena).passback = Passback::Hard;
    venue.is_in(kArena, kFriday - std::chrono::days{400});
    EXPECT_EQ(venue.reason(), Reason::Passback);
    EXPECT_EQ(venue.words(), "This ticket is already in the arena. Please ask the staff.");
}

TEST_F(PolicyPassback, IsRefusedWhenTheClockWentBack) {
    venue.area(kArena).passback = Passback::Timed;
    venue.area(kArena).passback_time = 1min;
    venue.is_in(kArena, kFriday + 1h);
    EXPECT_EQ(venue.reason(), Reason::Passback);
    EXPECT_EQ(venue.words(), "This ticket has just entered the arena. It is good again at 18:01.");
    venue.is_in(kArena, WallTime::max());
    EXPECT_EQ(venue.reason(), Reason::Passback);
}

TEST_F(PolicyPassback, DoesNotConcernWhoIsOutside) {
    venue.area(kArena).passback = Passback::Hard;
    venue.is_in(kOutside);
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.is_in(77);  // an area that the policy knows no longer
    EXPECT_EQ(venue.reason(), Reason::Valid);
}

TEST_F(PolicyPassback, CountsWhoIsInAnAreaInside) {
    venue.area(kArena).passback = Passback::Hard;
    venue.is_in(kBox);
    EXPECT_EQ(venue.reason(), Reason::Passback);
}

TEST_F(PolicyPassback, DoesNotConcernTheAreaBesideOrAround) {
    venue.area(kLounge).passback = Passback::Hard;
    venue.goes("lounge");
    for (const std::uint32_t area : {kArena, kHall, kBox}) {
        venue.is_in(area);
        EXPECT_EQ(venue.reason(), Reason::Valid) << area;
    }
}

TEST_F(PolicyPassback, ConcernsEveryAreaThatALaneLeadsInto) {
    venue.area(kArena).passback = Passback::Hard;
    venue.goes("stage-door");
    venue.is_in(kLounge);
    EXPECT_EQ(venue.reason(), Reason::Passback);
    EXPECT_EQ(venue.words(), "This ticket is already in the arena. Please ask the staff.");
}

TEST_F(PolicyPassback, TakesTheHardestOfSeveralAreas) {
    venue.area(kHall).passback = Passback::Soft;
    venue.area(kArena).passback = Passback::Hard;
    venue.goes("stage-door");
    venue.is_in(kHall);
    EXPECT_EQ(venue.reason(), Reason::Passback);
}

TEST_F(PolicyPassback, IsForgottenWithTheDailyReset) {
    for (const Passback mode : {Passback::Soft, Passback::Timed, Passback::Hard}) {
        venue.area(kArena).passback = mode;
        venue.area(kArena).passback_time = 10'000min;
        venue.area(kArena).daily_reset = 6h;
        venue.is_in(kHall, kFriday - 13h);
        EXPECT_EQ(venue.reason(), Reason::Valid);
        EXPECT_EQ(venue.flags(), 0);
    }
}

TEST_F(PolicyPassback, DoesNotConcernExemptClasses) {
    venue.area(kArena).passback = Passback::Hard;
    venue.is_in(kArena);
    venue.policy.passback_exempt = 2;
    EXPECT_EQ(venue.reason(), Reason::Passback);
    crew();
    EXPECT_EQ(venue.reason(), Reason::Valid);
}

TEST_F(PolicyPassback, DoesNotConcernClassesThatAreExemptInThatArea) {
    venue.area(kArena).passback = Passback::Hard;
    venue.is_in(kArena);
    venue.area(kArena).exempt = 2;
    EXPECT_EQ(venue.reason(), Reason::Passback);
    crew();
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.area(kArena).exempt = 0;
    venue.area(kHall).exempt = 2;
    EXPECT_EQ(venue.reason(), Reason::Passback);
}

TEST_F(PolicyPassback, LetsTheRestOfAGroupIn) {
    venue.area(kArena).passback = Passback::Hard;
    venue.facts.admissions = 3;
    venue.is_in(kArena);
    venue.facts.holder.inside = 2;
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.facts.holder.inside = 3;
    EXPECT_EQ(venue.reason(), Reason::Passback);
}

TEST_F(PolicyPassback, DoesNotLetMoreInAtOnceThanTheRestOfAGroup) {
    venue.area(kArena).passback = Passback::Hard;
    venue.terms().group = GroupMode::Together;
    venue.facts.admissions = 3;
    venue.is_in(kArena);
    venue.facts.may_enter = 2;
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.facts.may_enter = 3;
    EXPECT_EQ(venue.reason(), Reason::Passback);
}

TEST_F(PolicyPassback, DoesNotConcernATicketWithoutALimitOfPeople) {
    venue.area(kArena).passback = Passback::Hard;
    venue.facts.admissions = kNoLimit;
    venue.is_in(kArena);
    venue.facts.holder.inside = 5000;
    EXPECT_EQ(venue.reason(), Reason::Valid);
}

TEST_F(PolicyPassback, HoldsOlderCopiesAgainstANewOneUnlessItReplacesThem) {
    venue.area(kArena).passback = Passback::Hard;
    venue.is_in(kArena);
    venue.facts.reissue = 1;
    EXPECT_EQ(venue.reason(), Reason::Passback);
    venue.terms().reissue = ReissueMode::Replaces;
    EXPECT_EQ(venue.reason(), Reason::Valid);
    venue.facts.holder.highest_reissue = 1;  // it was the new one that went in
    EXPECT_EQ(venue.reason(), Reason::Passback);
}

TEST_F(PolicyPassback, LetsPeopleIntoAnAreaFromAnywhereWhereParentsAreLenient) {
    venue.goes("box");
    for (const std::uint32_t area : {kOutside, kArena, kHall, kLounge}) {
        venue.is_in(area);
        EXPECT_EQ(venue.reason(), Reason::Valid) << area;
    }
}

TEST_F(PolicyPassback, WantsPeopleInTheParentWhereParentsAreStrict) {
    venue.area(kBox).parents = Parents::Strict;
    venue.goes("box");
    for (const std::uint32_t area : {kOutside, kArena, kLounge}) {
        venue.is_in(area);
        EXPECT_EQ(venue.reason(), Reason::Passback) << area;
        EXPECT_EQ(venue.words(), "Please go to the entrance of the hall first.");
    }
    for (const std::uint32_t area : {kHall, kBox}) {
        venue.is_in(area);
        EXPECT_EQ(venue.reason(), Reason::Valid) << area;
    }
}

TEST_F(PolicyPassback, OnlyFlagsAMissingParentWhereItIsSoft) {
    venue.area(kBox).parents = Parents::Strict;
    venue.area(kBox).passback = Passback::Soft;
    venue.goes("box");
    EXPECT_EQ(venue.reason(), Reason::Valid);
    EXPECT_EQ(venue.flags(), kFlagPassback);
}

TEST_F(PolicyPassback, AsksForNoParentAtALaneThatLeadsPastIt) {
    venue.area(kHall).parents = Parents::Strict;
    venue.area(kArena).parents = Parents::Strict;
    venue.goes("stage-door");
    EXPECT_EQ(venue.reason(), Reason::Valid);
}

TEST_F(PolicyPassback, NeverRefusesAnExit) {
    for (const Passback mode : {Passback::Off, Passback::Soft, Passback::Timed, Passback::Hard}) {
        venue.area(kHall).passback = mode;
        venue.area(kHall).passback_time = 100min;
        venue.goes("hall", Direction::Exit);
        venue.is_in(kOutside);
        EXPECT_EQ(venue.reason(), Reason::Valid);
        EXPECT_EQ(venue.flags(), mode == Passback::Off ? 0 : kFlagPassback);
    }
}

TEST_F(PolicyPassback, FlagsOnlyThoseWhoLeaveWhereTheyAreNot) {
    venue.area(kHall).passback = Passback::Hard;
    venue.goes("hall", Direction::Exit);
    for (const std::uint32_t area : {kHall, kBox}) {
        venue.is_in(area);
        EXPECT_EQ(venue.flags(), 0) << area;
    }
    venue.is_in(kLounge);
    EXPECT_EQ(venue.flags(), kFlagPassback);
}

TEST_F(PolicyPassback, DoesNotFlagTheLastOfAGroupAtTheExit) {
    venue.area(kArena).passback = Passback::Hard;
    venue.goes("arena", Direction::Exit);
    venue.facts.admissions = 2;
    venue.facts.holder.inside = 1;  // the other one left, so the ticket is outside
    EXPECT_EQ(venue.flags(), 0);
    venue.facts.holder.inside = 0;
    EXPECT_EQ(venue.flags(), kFlagPassback);
}

TEST_F(PolicyPassback, DoesNotFlagAtTheExitWhomAResetHasForgotten) {
    venue.area(kArena).passback = Passback::Hard;
    venue.area(kArena).daily_reset = 6h;
    venue.goes("arena", Direction::Exit);
    venue.is_in(kHall, kFriday - 20h);
    EXPECT_EQ(venue.flags(), 0);
}

}  // namespace
}  // namespace stile
