// SPDX-License-Identifier: Apache-2.0
// The clocks and calendars of places, through gaps, overlaps and the ends of the tables.
#include "daemon/core/zone.hpp"

#include <gtest/gtest.h>

#include "crypto/base/time_text.hpp"
#include "crypto/zone/zone.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using std::chrono::local_days;
using std::chrono::year;

Zone zone(const std::string& name) {
    return Zone{crypto::zone_table(name).value()};
}

WallTime at(std::string_view text) {
    return parse_rfc3339(text).value();
}

LocalTime clock(std::string_view text) {
    return parse_local_time(text).value();
}

TEST(Zone, IsUtcUntilItIsGivenATable) {
    const Zone utc;
    EXPECT_EQ(utc.local(at("2020-01-01T22:00Z")), clock("2020-01-01T22:00"));
    EXPECT_EQ(utc.instant(clock("2020-01-01T22:00")), at("2020-01-01T22:00Z"));
}

TEST(Zone, BeginsADayAtMidnightOfThePlace) {
    const Zone tokyo = zone("Asia/Tokyo");
    EXPECT_EQ(tokyo.date(at("2020-01-01T14:59:59.999Z")), local_days{year{2020} / 1 / 1});
    EXPECT_EQ(tokyo.date(at("2020-01-01T15:00Z")), local_days{year{2020} / 1 / 2});
    EXPECT_EQ(tokyo.start_of_day(local_days{year{2020} / 1 / 2}), at("2020-01-01T15:00Z"));
}

TEST(Zone, CountsWeekdaysFromMonday) {
    const Zone tokyo = zone("Asia/Tokyo");
    EXPECT_EQ(tokyo.iso_weekday(at("2020-01-05T14:59Z")), 7U);
    EXPECT_EQ(tokyo.iso_weekday(at("2020-01-05T15:00Z")), 1U);
}

TEST(Zone, GoesAnHourBackFromATimeThatIsJumpedOver) {
    const Zone berlin = zone("Europe/Berlin");
    EXPECT_EQ(berlin.instant(clock("2020-03-29T01:59")), at("2020-03-29T00:59Z"));
    EXPECT_EQ(berlin.instant(clock("2020-03-29T02:00")), at("2020-03-29T00:00Z"));
    EXPECT_EQ(berlin.instant(clock("2020-03-29T02:30")), at("2020-03-29T00:30Z"));
    EXPECT_EQ(berlin.instant(clock("2020-03-29T03:00")), at("2020-03-29T01:00Z"));
}

TEST(Zone, TakesTheFirstOfTwoEqualTimes) {
    const Zone berlin = zone("Europe/Berlin");
    EXPECT_EQ(berlin.instant(clock("2020-10-25T02:30")), at("2020-10-25T00:30Z"));
    EXPECT_EQ(berlin.instant(clock("2020-10-25T03:00")), at("2020-10-25T02:00Z"));
}

TEST(Zone, HasDaysThatDoNotBeginAtMidnight) {
    const Zone sao_paulo = zone("America/Sao_Paulo");  // 00:00 became 01:00
    EXPECT_EQ(sao_paulo.start_of_day(local_days{year{2018} / 11 / 4}), at("2018-11-04T03:00Z"));
    const Zone havana = zone("America/Havana");  // 01:00 became 00:00
    EXPECT_EQ(havana.start_of_day(local_days{year{2020} / 11 / 1}), at("2020-11-01T04:00Z"));
    const Zone apia = zone("Pacific/Apia");  // 30 December 2011 was left out
    EXPECT_EQ(apia.start_of_day(local_days{year{2011} / 12 / 30}), at("2011-12-30T10:00Z"));
    EXPECT_EQ(apia.start_of_day(local_days{year{2011} / 12 / 31}), at("2011-12-30T10:00Z"));
}

TEST(Zone, LeavesADayThatWasLeftOutInWholeHours) {
    EXPECT_EQ(zone("Pacific/Apia").instant(clock("2011-12-30T12:30")), at("2011-12-30T09:30Z"));
}

TEST(Zone, KnowsGapsThatAreNoWholeHour) {
    const Zone lord_howe = zone("Australia/Lord_Howe");  // 02:00 became 02:30
    EXPECT_EQ(lord_howe.instant(clock("2020-10-04T02:15")), at("2020-10-03T14:45Z"));
}

TEST(Zone, ContinuesItsRulesBeyondTheDataBase) {
    const Zone berlin = zone("Europe/Berlin");
    EXPECT_EQ(berlin.local(at("2100-07-01T10:00Z")), clock("2100-07-01T12:00"));
    EXPECT_EQ(berlin.local(at("2106-12-01T10:00Z")), clock("2106-12-01T11:00"));
    EXPECT_EQ(berlin.local(at("2040-03-25T00:59:59Z")), clock("2040-03-25T01:59:59"));
    EXPECT_EQ(berlin.local(at("2040-03-25T01:00:00Z")), clock("2040-03-25T03:00:00"));
    EXPECT_EQ(zone("Asia/Jerusalem").local(at("2050-07-01T10:00Z")), clock("2050-07-01T13:00"));
    EXPECT_EQ(zone("America/Santiago").local(at("2050-01-01T10:00Z")), clock("2050-01-01T07:00"));
}

TEST(Zone, HasAnAnswerFarAwayFromItsTable) {
    const Zone berlin = zone("Europe/Berlin");
    EXPECT_EQ(berlin.local(at("1900-07-01T10:00Z")), clock("1900-07-01T11:00"));
    EXPECT_EQ(berlin.local(at("2500-07-01T10:00Z")), clock("2500-07-01T11:00"));
    EXPECT_EQ(berlin.date(WallTime::max()), berlin.date(kLastMoment));
    EXPECT_EQ(berlin.date(WallTime::min()), berlin.date(kFirstMoment));
    EXPECT_LE(berlin.instant(LocalTime::min()), kFirstMoment);
    EXPECT_GE(berlin.instant(LocalTime::max()), kLastMoment - 24h);
    EXPECT_EQ(berlin.start_of_day(local_days::min()),
              berlin.start_of_day(local_days{year{0} / 1 / 1}));
}

TEST(Zone, AgreesWithItselfAroundEveryChange) {
    for (const char* name : {"Europe/Berlin", "America/Havana", "Australia/Lord_Howe",
                             "Antarctica/Troll", "Africa/Casablanca", "Pacific/Apia"}) {
        const ZoneTable table = crypto::zone_table(name).value();
        const Zone place{table};
        for (const ZoneChange& change : table.changes) {
            for (const auto away : {-7200s, -1s, 0s, 1s, 7200s}) {
                const WallTime time = change.at + away;
                EXPECT_LE(place.instant(place.local(time)), time) << name;
                EXPECT_EQ(place.local(place.instant(place.local(time))), place.local(time)) << name;
                EXPECT_LE(place.start_of_day(place.date(time)), time) << name;
            }
        }
    }
}

TEST(ZoneTable, RefusesWhatIsNoZone) {
    for (const char* name : {"", "Europe/Atlantis", "../etc/passwd", "europe/berlin ", "Berlin",
                             "Europe/Berlin\n", "\xff"}) {
        const auto table = crypto::zone_table(name);
        ASSERT_FALSE(table) << name;
        EXPECT_EQ(table.error().code, Errc::Invalid) << name;
    }
}

TEST(ZoneTable, IsInOrderAndEveryChangeChanges) {
    const ZoneTable table = crypto::zone_table("Europe/Berlin").value();
    EXPECT_GT(table.changes.size(), 200U);
    for (std::size_t i = 1; i < table.changes.size(); ++i) {
        EXPECT_LT(table.changes[i - 1].at, table.changes[i].at);
        EXPECT_NE(table.changes[i - 1].offset, table.changes[i].offset);
    }
}

}  // namespace
}  // namespace stile
