// SPDX-License-Identifier: Apache-2.0
// The words for a rule that says no.
#include <gtest/gtest.h>

#include "crypto/base/bytes.hpp"
#include "tests/daemon/rules_fixture.hpp"

namespace stile::test {
namespace {

class Explanation : public testing::Test {
protected:
    Guest guest;  // 2020-01-01, 19:00 in Tokyo; product 1, gate 2
};

constexpr const char* kOnlyVip =
    R"({"inList":[{"var":"product"},{"objectList":[{"lookup":["product","7","VIP"]},
        {"lookup":["product","8","Press"]}]}]})";
constexpr const char* kOnlyNorth =
    R"({"inList":[{"var":"gate"},{"objectList":[{"lookup":["gate","1","Gate North"]}]}]})";
constexpr const char* kAfterSix =
    R"({"isAfter":[{"var":"now"},{"buildTime":["customtime","20:00"]},null]})";
constexpr const char* kBeforeFive =
    R"({"isBefore":[{"var":"now"},{"buildTime":["customtime","17:00"]}]})";

std::string both(const std::string& word, const std::string& a, const std::string& b) {
    return R"({")" + word + R"(":[)" + a + "," + b + "]}";
}

TEST_F(Explanation, IsEmptyForAYes) {
    EXPECT_EQ(guest.why("{}"), "");
    EXPECT_EQ(guest.why("true"), "");
}

TEST_F(Explanation, NamesTheTicketsAndTheGates) {
    EXPECT_EQ(guest.why(kOnlyVip), "Only for VIP, Press");
    EXPECT_EQ(guest.why(kOnlyNorth), "Only at Gate North");
    EXPECT_EQ(guest.why(R"({"==":[{"var":"product"},{"lookup":["product","7","VIP"]}]})"),
              "Only for VIP");
    EXPECT_EQ(guest.why(R"({"inList":[{"var":"gate"},[4,5]]})"), "Only at number 4, number 5");
    EXPECT_EQ(guest.why(R"({"inList":[{"var":"product"},{"objectList":[]}]})"), "Only for nobody");
}

TEST_F(Explanation, NamesTimesAsTheClockOfTheEventShowsThem) {
    EXPECT_EQ(guest.why(kAfterSix), "Entry only after 20:00");
    EXPECT_EQ(guest.why(kBeforeFive), "Entry only before 17:00");
    EXPECT_EQ(
        guest.why(
            R"({"isAfter":[{"var":"now"},{"buildTime":["custom","2020-02-01T09:05:00Z"]},5]})"),
        "Entry only after 2020-02-01 18:00");
    EXPECT_EQ(
        guest.why(
            R"({"isBefore":[{"var":"now"},{"buildTime":["custom","2019-12-31T14:50:00Z"]},5]})"),
        "Entry only before 2019-12-31 23:55");
}

TEST_F(Explanation, CountsEntries) {
    for (const char* time :
         {"2020-01-01T07:00:00Z", "2020-01-01T08:00:00Z", "2020-01-01T09:00:00Z"})
        guest.entry(time);
    EXPECT_EQ(guest.why(R"({"<":[{"var":"entries_today"},3]})"), "At most 3 entries per day");
    EXPECT_EQ(guest.why(R"({"<=":[{"var":"entries_number"},0]})"), "At most 1 entry");
    EXPECT_EQ(guest.why(R"({">":[1,{"var":"entries_days"}]})"), "At most 1 day with entries");
    EXPECT_EQ(guest.why(R"({">":[{"var":"entries_days"},1]})"),
              "Only after at least 2 days with entries");
    EXPECT_EQ(guest.why(R"({"<":[{"entries_since":[{"buildTime":["customtime","15:00"]}]},2]})"),
              "At most 2 entries since 15:00");
    EXPECT_EQ(
        guest.why(
            R"({">=":[{"entries_days_before":[{"buildTime":["custom","2019-12-31T15:00:00Z"]}]},
                1]})"),
        "Only after at least 1 day with entries before 00:00");
    EXPECT_EQ(guest.why(R"({"==":[{"var":"entries_number"},1]})"), "Only after exactly 1 entry");
}

TEST_F(Explanation, NamesTheMinutesAndTheState) {
    guest.entry("2020-01-01T09:00:00Z");
    EXPECT_EQ(guest.why(R"({">":[{"var":"minutes_since_last_entry"},180]})"),
              "Only 180 minutes after the last entry");
    EXPECT_EQ(guest.why(R"({"<":[{"var":"minutes_since_first_entry"},30]})"),
              "Only within 30 minutes of the first entry");
    EXPECT_EQ(guest.why(R"({"<=":[{"var":"minutes_since_first_entry"},-1]})"),
              "Only without an earlier entry");
    EXPECT_EQ(guest.why(R"({"==":[{"var":"entry_status"},"absent"]})"),
              "Only for those who are not inside");
}

TEST_F(Explanation, NamesTheDays) {
    EXPECT_EQ(guest.why(R"({">=":[{"var":"now_isoweekday"},6]})"), "Only on Saturday, Sunday");
    EXPECT_EQ(guest.why(R"({"==":[{"var":"now_isoweekday"},1]})"), "Only on Monday");
    EXPECT_EQ(guest.why(R"({"in":[{"var":"now_isoweekday"},[1,5]]})"), "Only on Monday, Friday");
}

TEST_F(Explanation, TakesTheEasiestWayIn) {
    EXPECT_EQ(guest.why(both("or", kOnlyVip, kAfterSix)), "Entry only after 20:00");
    EXPECT_EQ(guest.why(both("or", kBeforeFive, kAfterSix)), "Entry only after 20:00");
    guest.now("2020-01-01T08:10:00Z");
    EXPECT_EQ(guest.why(both("or", kAfterSix, kBeforeFive)), "Entry only before 17:00");
    EXPECT_EQ(guest.why(both("or", "false", kOnlyVip)), "Only for VIP, Press");
}

TEST_F(Explanation, NamesWhatIsHardestToChangeWhereAllMustHold) {
    EXPECT_EQ(guest.why(both("and", kAfterSix, kOnlyVip)), "Only for VIP, Press");
    EXPECT_EQ(guest.why(both("and", "true", kAfterSix)), "Entry only after 20:00");
    EXPECT_EQ(
        guest.why(both("or", both("and", kOnlyVip, kAfterSix), both("and", "true", kBeforeFive))),
        "Entry only before 17:00");
}

TEST_F(Explanation, FollowsTheBranchThatCounts) {
    EXPECT_EQ(
        guest.why(R"({"if":[{"==":[{"var":"product"},1]},)" + std::string{kAfterSix} + ",true]}"),
        "Entry only after 20:00");
}

TEST_F(Explanation, HasWordsForWhatNobodyCouldRead) {
    for (const char* rule :
         {"false", R"({"and":[]})", R"({"<":[{"+":[1,{"var":"entries_number"}]},1]})",
          R"({"!":{"var":"product"}})", R"({"<":[{"var":"entries_number"},"x"]})",
          R"({"isAfter":[{"buildTime":["date_from"]},{"var":"now"}]})"})
        EXPECT_EQ(guest.why(rule), "The rules of this list do not allow it") << rule;
}

TEST_F(Explanation, SaysThatARuleFailsWithoutRepeatingIt) {
    EXPECT_EQ(guest.why(R"({"<script>":[1]})"), "The rule cannot be evaluated: unknown operator");
    EXPECT_EQ(guest.why(R"({"var":"weather"})"), "The rule cannot be evaluated: unknown variable");
}

TEST_F(Explanation, IsOneLineOfLimitedLength) {
    std::string rule = R"({"inList":[{"var":"product"},{"objectList":[)";
    for (int i = 10; i < 60; ++i)
        rule += R"({"lookup":["product",")" + std::to_string(i) + R"(","Größe\n\u0007)" +
                std::to_string(i) + R"("]},)";
    rule.back() = ']';
    const std::string text = guest.why(rule + "}]}");
    EXPECT_LE(text.size(), rules::kMaxExplanation);
    EXPECT_TRUE(is_utf8(as_bytes(text)));
    EXPECT_TRUE(text.ends_with("..."));
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_EQ(text.find('\a'), std::string::npos);
}

}  // namespace
}  // namespace stile::test
