// SPDX-License-Identifier: Apache-2.0
// What is expected of evenings: ordinary, odd and impossible ones; and how far it is off.
#include "sync/collector/forecast.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/sync/evenings.hpp"
#include "tests/sync/forecast_error.hpp"

namespace stile::sync {
namespace {

using std::chrono::minutes;

constexpr Minute kStarts = std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} + minutes{1203};

// Never less than came, never falling, and the interval around the middle.
void expect_sane(const Forecast& found) {
    EXPECT_LE(found.expected.low, found.expected.mid);
    EXPECT_LE(found.expected.mid, found.expected.high);
    EXPECT_GE(found.expected.low, found.arrived);
    EXPECT_LE(found.past.size() + found.coming.size(), 180U);
    Estimate before{found.arrived, found.arrived, found.arrived};
    for (const Estimate& each : found.coming) {
        EXPECT_LE(before.low, each.low);
        EXPECT_LE(before.mid, each.mid);
        EXPECT_LE(before.high, each.high);
        EXPECT_LE(each.low, each.mid);
        EXPECT_LE(each.mid, each.high);
        before = each;
    }
    EXPECT_LE(before.high, found.expected.high);
    EXPECT_TRUE(std::ranges::is_sorted(found.past));
}

ForecastFacts facts_at(int minute, std::span<const MinuteOfPeople> arrivals) {
    return {
        .now = kStarts + minutes{minute}, .starts = kStarts, .sold = 1000, .arrivals = arrivals};
}

std::vector<MinuteOfPeople> steady(int from, int to, std::uint64_t people) {
    std::vector<MinuteOfPeople> out;
    for (int at = from; at < to; ++at)
        out.push_back({kStarts + minutes{at}, people});
    return out;
}

Evening ordinary() {
    return evening_at(venue_of(40), 41);
}

TEST(Forecast, SaysNothingWhenNothingIsSoldAndNobodyCame) {
    EXPECT_FALSE(forecast({.now = kStarts, .starts = kStarts}));
    EXPECT_FALSE(forecast({.now = kStarts, .starts = kStarts, .sold = 0}));
}

TEST(Forecast, SaysNothingOfAShowWithoutAStartBeforeAnybodyCame) {
    EXPECT_FALSE(forecast({.now = kStarts, .sold = 1000}));
}

TEST(Forecast, ExpectsMostOfTheSoldBeforeTheDoorsOpen) {
    const auto found = forecast(facts_at(-180, {}));
    ASSERT_TRUE(found);
    expect_sane(*found);
    EXPECT_NEAR(static_cast<double>(found->expected.mid), 920, 30);
    EXPECT_LT(found->expected.low, 880U);
    EXPECT_EQ(found->arrived, 0U);
}

TEST(Forecast, BeginsItsCurvesSixHoursBeforeTheStart) {
    const auto found = forecast(facts_at(-7 * 24 * 60, {}));
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->past.empty());
    EXPECT_EQ(found->from, kStarts - minutes{363});  // 20:03, in steps of five minutes
    expect_sane(*found);
}

TEST(Forecast, CountsWhoCameInTheRunningMinute) {
    const std::vector<MinuteOfPeople> arrivals{{kStarts - minutes{30}, 7}};
    EXPECT_EQ(forecast(facts_at(-30, arrivals))->arrived, 7U);
}

TEST(Forecast, SurvivesOneMinuteOfData) {
    const auto arrivals = steady(-90, -89, 12);
    for (const int now : {-90, -89, -88, -60, 0, 60}) {
        const auto found = forecast(facts_at(now, arrivals));
        ASSERT_TRUE(found);
        expect_sane(*found);
    }
}

TEST(Forecast, EndsWithWhoCameLongAfterTheStart) {
    const auto arrivals = steady(-60, 0, 13);
    const auto found = forecast(facts_at(240, arrivals));
    EXPECT_EQ(found->expected, (Estimate{780, 780, 780}));
    EXPECT_TRUE(found->coming.empty());
    EXPECT_EQ(found->past.back(), 780U);
}

TEST(Forecast, ExpectsFewMoreAnHourAfterTheStart) {
    const Evening evening = ordinary();
    const auto arrivals = arrivals_until(evening, kStarts, 60);
    auto facts = facts_at(60, arrivals);
    facts.sold = evening.sold;
    const auto found = forecast(facts);
    expect_sane(*found);
    EXPECT_LT(found->expected.mid, found->arrived + evening.sold / 100);
}

TEST(Forecast, DoesNotWaitForThoseWhoWillNotCome) {
    const auto arrivals = steady(-90, 5, 8);  // 760 of 1,000, and nobody since
    const auto found = forecast(facts_at(60, arrivals));
    EXPECT_LT(found->expected.mid, 775U);
    expect_sane(*found);
}

TEST(Forecast, BelievesTheGatesWhenMoreCameThanWereSold) {
    const auto arrivals = steady(-90, 0, 20);
    const auto found = forecast(facts_at(0, arrivals));
    EXPECT_EQ(found->arrived, 1800U);
    expect_sane(*found);
    EXPECT_LT(found->expected.mid, 2000U);
}

TEST(Forecast, WorksWithoutKnowingWhatWasSold) {
    const auto arrivals = steady(-90, -20, 20);
    auto facts = facts_at(-20, arrivals);
    facts.sold.reset();
    const auto found = forecast(facts);
    ASSERT_TRUE(found);
    expect_sane(*found);
    EXPECT_GT(found->expected.high, found->expected.low + 200);
}

TEST(Forecast, WorksWithoutKnowingTheStart) {
    const auto arrivals = steady(-90, -20, 10);
    auto facts = facts_at(-20, arrivals);
    facts.starts.reset();
    const auto found = forecast(facts);
    ASSERT_TRUE(found);
    expect_sane(*found);
}

TEST(Forecast, IsNotMovedByEntriesOfAWrongClock) {
    auto arrivals = steady(-90, -20, 10);
    const auto right = forecast(facts_at(-20, arrivals));
    arrivals.push_back({Minute{}, 1});                          // 1970
    arrivals.push_back({kStarts + minutes{60 * 24 * 365}, 1});  // next year
    const auto found = forecast(facts_at(-20, arrivals));
    expect_sane(*found);
    EXPECT_EQ(found->arrived, right->arrived + 2);
    EXPECT_EQ(found->past.size(), right->past.size());
    EXPECT_NEAR(static_cast<double>(found->expected.mid), static_cast<double>(right->expected.mid),
                10);
}

TEST(Forecast, SurvivesANowThatJumps) {
    const auto arrivals = steady(-90, -20, 10);
    for (const int now : {-100'000, -200, -50, 100'000}) {
        const auto found = forecast(facts_at(now, arrivals));
        ASSERT_TRUE(found);
        EXPECT_EQ(found->arrived, 700U);
        expect_sane(*found);
    }
}

TEST(Forecast, SurvivesNumbersOfAnotherWorld) {
    const std::vector<MinuteOfPeople> arrivals{{kStarts - minutes{40}, 1'000'000'000'000},
                                               {kStarts - minutes{20}, 1'000'000'000'000}};
    for (const std::uint64_t sold : {std::uint64_t{1}, std::uint64_t{1} << 60}) {
        auto facts = facts_at(-10, arrivals);
        facts.sold = sold;
        expect_sane(*forecast(facts));
    }
}

TEST(Forecast, TakesArrivalsInAnyOrder) {
    const Evening evening = ordinary();
    auto arrivals = arrivals_until(evening, kStarts, -30);
    auto facts = facts_at(-30, arrivals);
    facts.sold = evening.sold;
    const auto one = forecast(facts);
    std::ranges::reverse(arrivals);
    const auto other = forecast(facts);
    EXPECT_EQ(one->expected, other->expected);
    EXPECT_EQ(one->coming, other->coming);
}

TEST(Forecast, SaysWhenTheHouseIsFull) {
    const Evening evening = ordinary();
    const auto arrivals = arrivals_until(evening, kStarts, -40);
    auto facts = facts_at(-40, arrivals);
    facts.sold = evening.sold;
    facts.capacity = evening.sold * 7 / 10;
    facts.inside = evening.entered_by(-40);
    const auto found = forecast(facts);
    ASSERT_TRUE(found->full_at);
    EXPECT_LT(found->full_at->low, found->full_at->mid);
    ASSERT_TRUE(found->full_at->high);
    EXPECT_LT(found->full_at->mid, *found->full_at->high);
    const auto latest = static_cast<int>((*found->full_at->high - kStarts).count());
    EXPECT_GT(evening.entered_by(latest + 15), *facts.capacity);
}

TEST(Forecast, SaysThatTheHouseWillNotBeFull) {
    const auto arrivals = steady(-90, -20, 10);
    auto facts = facts_at(-20, arrivals);
    facts.capacity = 5000;
    facts.inside = 700;
    EXPECT_FALSE(forecast(facts)->full_at);
    facts.capacity.reset();
    EXPECT_FALSE(forecast(facts)->full_at);
}

TEST(Forecast, GivesTheRoomOfThoseWhoLeftToOthers) {
    const auto arrivals = steady(-90, -20, 10);
    auto facts = facts_at(-20, arrivals);
    facts.capacity = 705;
    facts.inside = 700;
    const auto all_inside = forecast(facts);
    facts.inside = 500;
    const auto some_left = forecast(facts);
    ASSERT_TRUE(all_inside->full_at);
    EXPECT_TRUE(!some_left->full_at || some_left->full_at->mid > all_inside->full_at->mid);
}

TEST(Forecast, KnowsThatAFullHouseIsFullNow) {
    const auto arrivals = steady(-90, -20, 10);
    auto facts = facts_at(-20, arrivals);
    facts.capacity = 650;
    facts.inside = 700;
    EXPECT_EQ(forecast(facts)->full_at->mid, facts.now);
}

TEST(PastEvening, IsNotMadeOfAHandfulOrOfOneRush) {
    EXPECT_FALSE(past_evening({}, kStarts, 1000));
    EXPECT_FALSE(past_evening(steady(-60, 0, 1), kStarts, 1000));
    EXPECT_FALSE(past_evening(steady(-60, -58, 500), kStarts, 1000));
}

TEST(PastEvening, KnowsWhenEachTwentiethHadCome) {
    const auto past = past_evening(steady(-100, 0, 10), kStarts, 1250);
    ASSERT_TRUE(past);
    EXPECT_DOUBLE_EQ(past->turnout, 0.8);
    EXPECT_DOUBLE_EQ(past->reached[0], -100);
    EXPECT_DOUBLE_EQ(past->reached[10], -50);
    EXPECT_DOUBLE_EQ(past->reached[20], 0);
}

TEST(Forecast, FollowsThePastOfTheVenue) {
    const std::vector<PastEvening> past{*past_evening(steady(-30, 30, 10), kStarts, 1000)};
    auto facts = facts_at(-60, {});
    facts.past = past;
    const auto found = forecast(facts);
    EXPECT_EQ(found->method, ForecastMethod::ShareOfArrivals);
    EXPECT_NEAR(static_cast<double>(found->expected.mid), 760, 40);  // both beliefs meet
    const auto until_start =
        static_cast<std::size_t>((kStarts - found->from) / Forecast::kStep) - found->past.size();
    EXPECT_NEAR(static_cast<double>(found->coming[until_start].mid), 380, 100);
}

TEST(Forecast, IsNotMisledByAPastThatIsNoCurve) {
    std::vector<PastEvening> past(20);
    past.back().reached.fill(-30);
    auto facts = facts_at(-30, {});
    facts.past = past;
    const auto found = forecast(facts);
    ASSERT_TRUE(found);
    expect_sane(*found);
}

// FORECAST.md has the numbers of 1,200 evenings, measured_test.cpp holds them; these are 15.
TEST(Forecast, IsNotFarOffOnAFewEvenings) {
    for (const Measured& each : measure(ForecastMethod::FittedCurve, 10'000, 15)) {
        EXPECT_LT(each.total_error, 0.08);
        EXPECT_LT(each.ahead_error, each.plain_ahead_error);
        EXPECT_GT(each.total_covered, 0.5);
        EXPECT_GT(each.ahead_covered, 0.5);
    }
}

}  // namespace
}  // namespace stile::sync
