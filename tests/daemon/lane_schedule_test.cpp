// SPDX-License-Identifier: Apache-2.0
// A lane's week and a group's people: two pure functions.
#include <vector>

#include <gtest/gtest.h>

#include "daemon/lane/group.hpp"
#include "daemon/lane/schedule.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using std::chrono::local_days;

// Wednesday.
const auto kDay = local_days{std::chrono::year{2026} / 7 / 29};
constexpr std::uint8_t kEveryDay = 0x7F;
constexpr std::uint8_t kMonday = 1;
constexpr std::uint8_t kWednesday = 4;

std::chrono::local_time<std::chrono::milliseconds> at(std::chrono::milliseconds time) {
    return kDay + time;
}

TEST(Schedule, AsksForNothingWithoutRows) {
    EXPECT_EQ(last_change({}, at(0ms)), std::nullopt);
    const std::vector<ScheduleRow> never{{.days = 0, .minute = 60min}};
    EXPECT_EQ(last_change(never, at(12h)), std::nullopt);
}

TEST(Schedule, TakesTheLastRowOfTheDay) {
    const std::vector<ScheduleRow> rows{{kEveryDay, 8h, LaneMode::Normal},
                                        {kEveryDay, 22h, LaneMode::Locked}};
    EXPECT_EQ(last_change(rows, at(8h)), (ScheduledChange{LaneMode::Normal, 0min}));
    EXPECT_EQ(last_change(rows, at(21h + 59min + 59s)),
              (ScheduledChange{LaneMode::Normal, 13h + 59min}));
    EXPECT_EQ(last_change(rows, at(22h)), (ScheduledChange{LaneMode::Locked, 0min}));
}

TEST(Schedule, GoesBackToTheDayBefore) {
    const std::vector<ScheduleRow> rows{{kEveryDay, 8h, LaneMode::Normal},
                                        {kEveryDay, 22h, LaneMode::Locked}};
    EXPECT_EQ(last_change(rows, at(7h + 59min)), (ScheduledChange{LaneMode::Locked, 9h + 59min}));
}

TEST(Schedule, GoesBackAWholeWeek) {
    const std::vector<ScheduleRow> rows{{kWednesday, 12h, LaneMode::ExitOnly}};
    EXPECT_EQ(last_change(rows, at(11h + 59min)),
              (ScheduledChange{LaneMode::ExitOnly, 7 * 24h - 1min}));
    EXPECT_EQ(last_change(rows, at(12h)), (ScheduledChange{LaneMode::ExitOnly, 0min}));
}

TEST(Schedule, KnowsTheDaysOfTheWeek) {
    const std::vector<ScheduleRow> rows{{kMonday, 0h, LaneMode::Free}};
    EXPECT_EQ(last_change(rows, at(0h)), (ScheduledChange{LaneMode::Free, 48h}));
}

TEST(Schedule, LetsTheLaterRowWinAtTheSameMinute) {
    const std::vector<ScheduleRow> rows{{kEveryDay, 8h, LaneMode::Normal},
                                        {kWednesday, 8h, LaneMode::Free}};
    EXPECT_EQ(last_change(rows, at(9h))->mode, LaneMode::Free);
}

constexpr EntryFacts inside(std::uint32_t entered, std::uint32_t left) {
    EntryFacts facts;
    facts.entered = entered;
    facts.left = left;
    return facts;
}

TEST(Group, PassesWithAllThatTheTicketHasLeft) {
    using enum GroupWay;
    const auto entry = Direction::Entry;
    EXPECT_EQ(people_to_admit(1, inside(0, 0), Reentry::Never, entry, Together), 1);
    EXPECT_EQ(people_to_admit(5, inside(0, 0), Reentry::Never, entry, Together), 5);
    EXPECT_EQ(people_to_admit(5, inside(2, 0), Reentry::Never, entry, Together), 3);
    EXPECT_EQ(people_to_admit(5, inside(4, 3), Reentry::Never, entry, Together), 1);
    EXPECT_EQ(people_to_admit(5, inside(4, 3), Reentry::AfterExit, entry, Together), 4);
    EXPECT_EQ(people_to_admit(5, inside(40, 3), Reentry::Always, entry, Together), 5);
}

TEST(Group, LeavesWithAllThatAreInside) {
    using enum GroupWay;
    const auto exit = Direction::Exit;
    EXPECT_EQ(people_to_admit(5, inside(4, 1), Reentry::AfterExit, exit, Together), 3);
    EXPECT_EQ(people_to_admit(5, inside(0, 0), Reentry::AfterExit, exit, Together), 1);
    EXPECT_EQ(people_to_admit(5, inside(900, 0), Reentry::Always, exit, Together), 254);
}

TEST(Group, PassesOneByOneWhenItIsToldOrHasNoNumber) {
    EXPECT_EQ(people_to_admit(5, {}, Reentry::Never, Direction::Entry, GroupWay::Single), 1);
    EXPECT_EQ(people_to_admit(255, {}, Reentry::Never, Direction::Entry, GroupWay::Together), 1);
    EXPECT_EQ(people_to_admit(0, {}, Reentry::Always, Direction::Entry, GroupWay::Together), 1);
}

}  // namespace
}  // namespace stile
