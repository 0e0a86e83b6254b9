// SPDX-License-Identifier: Apache-2.0
// The tree of areas: what makes one, what does not, and who a reset forgets.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/daemon/venue.hpp"

namespace stile {
namespace {

using namespace std::chrono;
using namespace stile::test;
using Kind = AreaFault::Kind;

std::vector<AreaFault> faults(std::vector<Area> areas) {
    const auto tree = AreaTree::make(std::move(areas));
    return tree ? std::vector<AreaFault>{} : tree.error();
}

Area area(std::uint32_t number, std::string name, std::uint32_t parent = kOutside) {
    return {.number = number, .name = std::move(name), .parent = parent};
}

std::vector<Area> chain(std::size_t length) {
    std::vector<Area> areas;
    for (std::uint32_t number = 1; number <= length; ++number)
        areas.push_back(area(number, std::to_string(number), number - 1));
    return areas;
}

TEST(PolicyAreas, HaveTheOutsideWhenThereIsNoArea) {
    const AreaTree tree;
    EXPECT_EQ(tree.areas().size(), 1U);
    EXPECT_EQ(tree.place(kOutside), 0U);
    EXPECT_TRUE(tree.within(0, 0));
    EXPECT_EQ(AreaTree::make({}).value(), tree);
}

TEST(PolicyAreas, StandEachBeforeWhatIsInIt) {
    auto areas = venue_areas();
    std::ranges::reverse(areas);
    const AreaTree tree = AreaTree::make(areas).value();
    for (std::size_t place = 1; place < tree.areas().size(); ++place) {
        EXPECT_EQ(tree.areas()[tree.parent(place)].number, tree.areas()[place].parent);
        EXPECT_LT(tree.parent(place), place);
        EXPECT_LE(tree.end(place), tree.end(tree.parent(place)));
    }
}

TEST(PolicyAreas, KnowWhatIsWithinWhat) {
    const AreaTree tree = AreaTree::make(venue_areas()).value();
    const auto within = [&tree](std::uint32_t inner, std::uint32_t outer) {
        return tree.within(tree.place(inner), tree.place(outer));
    };
    EXPECT_TRUE(within(kBox, kArena));
    EXPECT_TRUE(within(kBox, kBox));
    EXPECT_TRUE(within(kLounge, kOutside));
    EXPECT_FALSE(within(kArena, kBox));
    EXPECT_FALSE(within(kLounge, kHall));
    EXPECT_FALSE(within(kOutside, kArena));
    EXPECT_EQ(tree.depth(tree.place(kBox)), 3U);
    EXPECT_EQ(tree.depth(0), 0U);
}

TEST(PolicyAreas, TakeANumberThatNoAreaHasForTheOutside) {
    const AreaTree tree = AreaTree::make(venue_areas()).value();
    EXPECT_EQ(tree.place(99), 0U);
    EXPECT_EQ(tree.place(UINT32_MAX), 0U);
}

TEST(PolicyAreas, MustHaveANumberThatIsTheirOwn) {
    EXPECT_EQ(faults({area(0, "a")}), (std::vector<AreaFault>{{Kind::NumberMissing, 0}}));
    EXPECT_EQ(faults({area(1, "a"), area(1, "b")}),
              (std::vector<AreaFault>{{Kind::NumberTwice, 1}}));
}

TEST(PolicyAreas, MustHaveANameThatIsTheirOwn) {
    EXPECT_EQ(faults({area(1, "a"), area(2, "b"), area(3, "a")}),
              (std::vector<AreaFault>{{Kind::NameTwice, 2}}));
}

TEST(PolicyAreas, MustLieInAnAreaThatIsThere) {
    EXPECT_EQ(faults({area(1, "a", 7)}), (std::vector<AreaFault>{{Kind::ParentUnknown, 0}}));
}

TEST(PolicyAreas, MustNotLieInThemselves) {
    EXPECT_EQ(faults({area(1, "a", 1)}), (std::vector<AreaFault>{{Kind::Cycle, 0}}));
    EXPECT_EQ(faults({area(1, "a", 2), area(2, "b", 3), area(3, "c", 1)}),
              (std::vector<AreaFault>{{Kind::Cycle, 0}, {Kind::Cycle, 1}, {Kind::Cycle, 2}}));
    EXPECT_EQ(faults({area(1, "a", 2), area(2, "b", 2)}),
              (std::vector<AreaFault>{{Kind::Cycle, 0}, {Kind::Cycle, 1}}));
}

TEST(PolicyAreas, AreNotDeeperThanSixteen) {
    EXPECT_EQ(faults(chain(16)), std::vector<AreaFault>{});
    EXPECT_EQ(faults(chain(17)), (std::vector<AreaFault>{{Kind::TooDeep, 16}}));
}

TEST(PolicyAreas, AreNotMoreThanTwoHundredAndFiftySix) {
    std::vector<Area> areas;
    for (std::uint32_t number = 1; number <= 256; ++number)
        areas.push_back(area(number, std::to_string(number)));
    EXPECT_EQ(faults(areas), std::vector<AreaFault>{});
    areas.push_back(area(257, "one more"));
    EXPECT_EQ(faults(areas), (std::vector<AreaFault>{{Kind::TooMany, 256}}));
}

TEST(PolicyAreas, TellEverythingThatIsWrongAtOnce) {
    EXPECT_EQ(faults({area(1, "a", 9), area(0, "b"), area(3, "c"), area(3, "d")}).size(), 3U);
}

constexpr minutes kSix = hours{6};

WallTime utc(unsigned month, unsigned day, minutes time) {
    return sys_days{year{2026} / std::chrono::month{month} / std::chrono::day{day}} + time;
}

TEST(PolicyReset, IsTheLastOneThatIsNotAhead) {
    const Zone zone = berlin();
    const WallTime reset = utc(7, 31, hours{4});  // 06:00 in Berlin
    EXPECT_EQ(latest_reset(kSix, reset, zone), reset);
    EXPECT_EQ(latest_reset(kSix, reset + hours{23}, zone), reset);
    EXPECT_EQ(latest_reset(kSix, reset - milliseconds{1}, zone), reset - hours{24});
}

TEST(PolicyReset, FollowsTheClocksOverTheChangesOfTheYear) {
    const Zone zone = berlin();
    EXPECT_EQ(latest_reset(kSix, utc(3, 28, hours{12}), zone), utc(3, 28, hours{5}));
    EXPECT_EQ(latest_reset(kSix, utc(3, 29, hours{12}), zone), utc(3, 29, hours{4}));  // 23 hours
    EXPECT_EQ(latest_reset(kSix, utc(10, 24, hours{12}), zone), utc(10, 24, hours{4}));
    EXPECT_EQ(latest_reset(kSix, utc(10, 25, hours{12}), zone), utc(10, 25, hours{5}));  // 25 hours
}

TEST(PolicyReset, IsAnHourEarlierWhereTheClocksJumpOverIt) {
    const Zone zone = berlin();
    const minutes skipped = hours{2} + minutes{30};
    EXPECT_EQ(latest_reset(skipped, utc(3, 29, hours{12}), zone), utc(3, 29, minutes{30}));
}

TEST(PolicyReset, IsTheFirstWhereTheClocksShowItTwice) {
    const Zone zone = berlin();
    const minutes twice = hours{2} + minutes{30};
    const WallTime first = utc(10, 25, minutes{30});
    EXPECT_EQ(latest_reset(twice, first, zone), first);
    EXPECT_EQ(latest_reset(twice, first + hours{1}, zone), first);
    EXPECT_EQ(latest_reset(twice, utc(10, 25, hours{12}), zone), first);
}

TEST(PolicyReset, ComesOnceEachDayOfTheYear) {
    const Zone zone = berlin();
    for (const minutes time : {minutes{0}, minutes{150}, kSix, minutes{1439}}) {
        int resets = 0;
        WallTime last = latest_reset(time, utc(1, 2, hours{0}), zone);
        for (WallTime now = utc(1, 2, hours{0}); now < utc(12, 30, hours{0}); now += minutes{30}) {
            const WallTime reset = latest_reset(time, now, zone);
            ASSERT_LE(reset, now);
            ASSERT_LE(now - reset, hours{25});
            ASSERT_GE(reset, last);
            if (reset != last) ++resets;
            last = reset;
        }
        EXPECT_EQ(resets, 362);
    }
}

TEST(PolicyReset, HasAnAnswerForTimesThatNoCalendarHas) {
    EXPECT_LE(latest_reset(kSix, WallTime::min(), berlin()), WallTime::min());
    EXPECT_LE(latest_reset(kSix, WallTime::max(), berlin()), WallTime::max());
}

std::uint32_t standing_in(const std::vector<Area>& areas, std::uint32_t area, WallTime since) {
    const AreaTree tree = AreaTree::make(areas).value();
    return tree.areas()[standing(tree, area, since, kFriday, berlin())].number;
}

TEST(PolicyReset, ForgetsWhoCameBeforeIt) {
    auto areas = venue_areas();
    areas[0].daily_reset = kSix;
    const WallTime reset = utc(7, 31, hours{4});
    EXPECT_EQ(standing_in(areas, kArena, reset - milliseconds{1}), kOutside);
    EXPECT_EQ(standing_in(areas, kArena, reset), kArena);
}

TEST(PolicyReset, ForgetsWhoIsInAnAreaInside) {
    auto areas = venue_areas();
    areas[0].daily_reset = kSix;
    EXPECT_EQ(standing_in(areas, kBox, kFriday - days{1}), kOutside);
}

TEST(PolicyReset, OfAnInnerAreaLeavesPeopleInTheOuterOne) {
    auto areas = venue_areas();
    areas[1].daily_reset = kSix;  // the hall
    EXPECT_EQ(standing_in(areas, kBox, kFriday - days{1}), kArena);
    EXPECT_EQ(standing_in(areas, kLounge, kFriday - days{1}), kLounge);
}

TEST(PolicyReset, DoesNotComeByItself) {
    EXPECT_EQ(standing_in(venue_areas(), kBox, kFriday - days{400}), kBox);
}

TEST(PolicyReset, BeginsTheCountsOfItsAreaAndOfThoseInside) {
    auto areas = venue_areas();
    const auto since = [&areas](std::uint32_t area) {
        const AreaTree tree = AreaTree::make(areas).value();
        return counted_since(tree, tree.place(area), kFriday, berlin());
    };
    EXPECT_EQ(since(kBox), std::nullopt);
    areas[0].daily_reset = kSix;
    EXPECT_EQ(since(kArena), utc(7, 31, hours{4}));
    EXPECT_EQ(since(kBox), utc(7, 31, hours{4}));
    areas[1].daily_reset = hours{8};  // the hall
    EXPECT_EQ(since(kBox), utc(7, 31, hours{6}));
    EXPECT_EQ(since(kLounge), utc(7, 31, hours{4}));
    EXPECT_EQ(since(kOutside), std::nullopt);
}

}  // namespace
}  // namespace stile
