// SPDX-License-Identifier: Apache-2.0
// RFC 3339 and its relatives, as other programs write them.
#include <gtest/gtest.h>

#include "crypto/base/time_text.hpp"

namespace stile {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::sys_seconds;
using Moment = std::chrono::sys_time<milliseconds>;

constexpr Moment kTime = std::chrono::sys_days{std::chrono::year{2020} / 1 / 1} + 22h + 5min + 7s;

TEST(MomentText, WritesSecondsOrMilliseconds) {
    EXPECT_EQ(to_rfc3339(std::chrono::floor<std::chrono::seconds>(kTime)), "2020-01-01T22:05:07Z");
    EXPECT_EQ(to_rfc3339(kTime + 250ms), "2020-01-01T22:05:07.250Z");
    EXPECT_EQ(to_rfc3339(Moment{-1ms}), "1969-12-31T23:59:59.999Z");
}

TEST(MomentText, StaysInsideFourDigitYears) {
    EXPECT_EQ(to_rfc3339(Moment::max()), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(to_rfc3339(Moment::min()), "0000-01-01T00:00:00.000Z");
    EXPECT_EQ(to_rfc3339(sys_seconds::max()), "9999-12-31T23:59:59Z");
    EXPECT_EQ(to_rfc3339(sys_seconds::min()), "0000-01-01T00:00:00Z");
}

TEST(MomentText, ReadsWhatProgramsWrite) {
    for (const char* text :
         {"2020-01-01T22:05:07Z", "2020-01-01T22:05:07.000Z", "2020-01-01T22:05:07.000000+00:00",
          "2020-01-01T23:05:07+01:00", "2020-01-01T23:05:07+0100", "2020-01-01T23:05:07+01",
          "2020-01-01 22:05:07Z", "2020-01-01t22:05:07z", "2020-01-02T07:05:07+09:00",
          "2020-01-01T16:35:07-05:30", "2020-01-01T22:05:07,000Z",
          "2020-01-01T22:05:07.000999999Z"})
        EXPECT_EQ(parse_rfc3339(text), kTime) << text;
    EXPECT_EQ(parse_rfc3339("2020-01-01T22:05Z"), kTime - 7s);
    EXPECT_EQ(parse_rfc3339("2020-01-01T23:05+01:00"), kTime - 7s);
    EXPECT_EQ(parse_rfc3339("2020-01-01T22:05:07.5Z"), kTime + 500ms);
    EXPECT_EQ(parse_rfc3339("2020-01-01T22:05:07.05Z"), kTime + 50ms);
}

TEST(MomentText, ReadsBackWhatItWrites) {
    for (const Moment time : {kFirstMoment, kLastMoment, Moment{}, kTime + 1ms, Moment{-1ms}})
        EXPECT_EQ(parse_rfc3339(to_rfc3339(time)), time);
}

TEST(MomentText, RefusesWhatIsNoMoment) {
    for (const char* text : {"",
                             "2020-01-01",
                             "2020-01-01T22:05:07",
                             "2020-01-01T22:05",
                             "2020-1-1T22:05:07Z",
                             "2020-02-30T22:05:07Z",
                             "2019-02-29T22:05:07Z",
                             "2020-13-01T22:05:07Z",
                             "2020-00-01T22:05:07Z",
                             "2020-01-00T22:05:07Z",
                             "2020-01-01T24:00:00Z",
                             "2020-01-01T22:60:07Z",
                             "2020-01-01T22:05:60Z",
                             "2020-01-01T22:05:07.Z",
                             "2020-01-01T22:05:07+",
                             "2020-01-01T22:05:07+1",
                             "2020-01-01T22:05:07+01:0",
                             "2020-01-01T22:05:07+01:00:00",
                             "2020-01-01T22:05:07+24:00",
                             "2020-01-01T22:05:07+01:60",
                             "2020-01-01T22:05:07ZZ",
                             " 2020-01-01T22:05:07Z",
                             "2020-01-01T22:05:07Z ",
                             "2020-01-01T-2:05:07Z",
                             "+020-01-01T22:05:07Z",
                             "20200101T220507Z",
                             "0000-01-01T00:00:00+01:00",
                             "9999-12-31T23:59:59-01:00",
                             "2020-01-01T22:05:07+01:",
                             "now",
                             "\xff"})
        EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
}

TEST(MomentText, ReadsDays) {
    EXPECT_EQ(parse_date("2016-02-29"), std::chrono::year{2016} / 2 / 29);
    for (const char* text : {"", "2017-02-29", "2016-2-29", "2016-02-29 ", "29.02.2016",
                             "2016-02-29T00:00", "1900-02-29", "2016-00-01", "2016-04-31"})
        EXPECT_EQ(parse_date(text), std::nullopt) << text;
}

TEST(MomentText, ReadsTimesOfDay) {
    EXPECT_EQ(parse_time_of_day("14:00"), milliseconds{14h});
    EXPECT_EQ(parse_time_of_day("23:59:59.250"), milliseconds{24h} - 750ms);
    for (const char* text : {"", "14", "14:0", "24:00", "14:60", "14:00:60", "1400", "14:00Z",
                             "2 pm", "14:00:", "14:00:00.", "-1:00", "4:00"})
        EXPECT_EQ(parse_time_of_day(text), std::nullopt) << text;
}

TEST(MomentText, ReadsTimesWithoutAPlace) {
    EXPECT_EQ(parse_local_time("2020-01-01T22:05"),
              std::chrono::local_days{std::chrono::year{2020} / 1 / 1} + 22h + 5min);
    for (const char* text : {"", "2020-01-01", "2020-01-01T22:05Z", "2020-02-30T22:05", "22:05"})
        EXPECT_EQ(parse_local_time(text), std::nullopt) << text;
}

}  // namespace
}  // namespace stile
