// SPDX-License-Identifier: Apache-2.0
// The plan of an evening, and its clock.
#include "tests/simulate/plan.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/simulate/evening_clock.hpp"

namespace stile::simulate {
namespace {

Plan plan(const char* scenario, std::uint64_t seed = 1) {
    return plan_evening(
        {.gates = 3, .people = 200, .seed = seed, .scenario = scenario_named(scenario)});
}

std::size_t expecting(const Plan& plan, Reason reason) {
    return static_cast<std::size_t>(std::ranges::count(plan.showings, reason, &Showing::expected));
}

TEST(SimulatedPlan, IsTheSameForTheSameSeed) {
    const Plan one = plan("evening");
    const Plan two = plan("evening");
    EXPECT_TRUE(std::ranges::equal(one.showings, two.showings, {}, &Showing::at, &Showing::at));
    EXPECT_EQ(one.refunds, two.refunds);
}

TEST(SimulatedPlan, IsAnotherOneForAnotherSeed) {
    const Plan one = plan("evening");
    const Plan two = plan("evening", 2);
    EXPECT_FALSE(std::ranges::equal(one.showings, two.showings, {}, &Showing::at, &Showing::at));
}

TEST(SimulatedPlan, SellsATicketToEachOfThePeople) {
    std::size_t people = 0;
    for (const TicketOrder& order : plan("calm").tickets)
        people += order.people;
    EXPECT_EQ(people, 200U);
}

TEST(SimulatedPlan, IsInTheOrderOfTime) {
    EXPECT_TRUE(std::ranges::is_sorted(plan("crime").showings, {}, &Showing::at));
}

TEST(SimulatedPlan, HasNoBadTicketInACalmEvening) {
    EXPECT_EQ(expecting(plan("calm"), Reason::Valid), plan("calm").showings.size());
}

TEST(SimulatedPlan, HasEachKindOfBadTicketInAnEvening) {
    for (const Reason reason :
         {Reason::Used, Reason::Revoked, Reason::Invalid, Reason::InvalidTime})
        EXPECT_GT(expecting(plan("evening"), reason), 0U) << text_of(reason).code;
}

TEST(SimulatedPlan, ShowsARefundedTicketOnlyWhereTheListIs) {
    for (const Showing& showing : plan("evening").showings)
        EXPECT_EQ(showing.expected == Reason::Revoked, showing.needs == Needs::Refund);
}

TEST(SimulatedPlan, NeverRefundsATicketThatIsShownLater) {
    const Plan crime = plan("crime");
    const Scenario& story = *scenario_named("crime");
    for (std::size_t i = 0; i < crime.refunded_inside; ++i) {
        for (const Showing& showing : crime.showings)
            EXPECT_TRUE(showing.ticket != crime.refunds[i] || showing.at < *story.refund);
    }
}

TEST(EveningClock, RunsFasterThanTheMachine) {
    const EveningClock clock = EveningClock::from_now(WallTime{}, 60);
    EXPECT_LE(clock.until(WallTime{} + std::chrono::hours{1}), std::chrono::minutes{1});
    EXPECT_GT(clock.until(WallTime{} + std::chrono::hours{1}), std::chrono::seconds{30});
    EXPECT_EQ(clock.until(WallTime{}).count(), 0);
}

TEST(EveningClock, ComesBackFromItsText) {
    const EveningClock clock = EveningClock::from_now(WallTime{std::chrono::hours{5}}, 60);
    EXPECT_EQ(EveningClock::parse(clock.text()), clock);
}

TEST(EveningClock, TakesNoOtherText) {
    for (const char* text : {"", "1,2", "1,2,", "1,2,0", "1,2,3,", "1,2,3x", "a,2,3", ",,", "1 2 3",
                             "1,2,99999999999999999999"})
        EXPECT_FALSE(EveningClock::parse(text)) << text;
}

}  // namespace
}  // namespace stile::simulate
