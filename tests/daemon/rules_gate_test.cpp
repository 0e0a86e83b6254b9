// SPDX-License-Identifier: Apache-2.0
// Custom rules of access lists at the gate: identities, times, days and earlier entries.
#include <gtest/gtest.h>

#include "tests/daemon/rules_fixture.hpp"

namespace stile::test {
namespace {

class GateRule : public testing::Test {
protected:
    Guest guest;
};

TEST_F(GateRule, LetsEverybodyPassWhereThereIsNone) {
    for (const char* none : {"", "null", "{}", " { } "})
        EXPECT_EQ(guest.asks(none), "yes") << none;
}

TEST_F(GateRule, IsTheTruthOfItsValue) {
    EXPECT_EQ(guest.asks("true"), "yes");
    EXPECT_EQ(guest.asks("false"), "no");
    EXPECT_EQ(guest.asks("[]"), "no");
    EXPECT_EQ(guest.asks(R"({"and":[false,true]})"), "no");
    EXPECT_EQ(guest.asks(R"({"or":[0,"x"]})"), "yes");
}

TEST_F(GateRule, ComparesIdentitiesAsOneKind) {
    EXPECT_EQ(
        guest.asks(R"({"inList":[{"var":"product"},{"objectList":[{"lookup":["product","2","B"]},
        {"lookup":["product","1","A"]}]}]})"),
        "yes");
    EXPECT_EQ(
        guest.asks(
            R"({"inList":[{"var":"product"},{"objectList":[{"lookup":["product",1,"A"]}]}]})"),
        "yes");
    EXPECT_EQ(
        guest.asks(
            R"({"inList":[{"var":"product"},{"objectList":[{"lookup":["product","2","B"]}]}]})"),
        "no");
    EXPECT_EQ(guest.asks(R"({"==":[{"var":"product"},{"lookup":["product","1","A"]}]})"), "yes");
    EXPECT_EQ(guest.asks(R"({"inList":[{"var":"product"},["1"]]})"), "yes");
    EXPECT_EQ(guest.asks(R"({"inList":[{"var":"product"},{"objectList":[]}]})"), "no");
}

TEST_F(GateRule, HasNoVariationOrGateWhereThereIsNone) {
    constexpr const char* kVariation =
        R"({"inList":[{"var":"variation"},{"objectList":[{"lookup":["variation","3","V"]}]}]})";
    EXPECT_EQ(guest.asks(kVariation), "no");
    guest.facts.variation = 3;
    EXPECT_EQ(guest.asks(kVariation), "yes");
    constexpr const char* kGate =
        R"({"inList":[{"var":"gate"},{"objectList":[{"lookup":["gate","1","N"]},
            {"lookup":["gate","2","S"]}]}]})";
    EXPECT_EQ(guest.asks(kGate), "yes");
    guest.facts.gate = 0;
    EXPECT_EQ(guest.asks(kGate), "no");
    EXPECT_EQ(guest.asks(R"({"==":[{"var":"gate"},null]})"), "yes");
}

TEST_F(GateRule, RefusesIdentitiesThatItCouldConfuse) {
    guest.facts.product = (std::uint64_t{1} << 53) + 1;
    EXPECT_EQ(guest.asks(R"({"!=":[{"var":"product"},1]})"),
              "an argument of the wrong kind: product");
    EXPECT_EQ(guest.asks(R"({"!":{"inList":[1,{"objectList":[{"lookup":["product","x","X"]}]}]}})"),
              "an argument of the wrong kind: lookup");
}

TEST_F(GateRule, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(guest.asks(R"({"!":{"var":"weather"}})"), "unknown variable: weather");
    EXPECT_EQ(guest.asks(R"({"!":{"var":["weather",false]}})"), "unknown variable: weather");
    EXPECT_EQ(guest.asks(R"({"!":{"var":"now.year"}})"), "unknown variable: now.year");
    EXPECT_EQ(guest.asks(R"({"!":{"var":""}})"), "unknown variable");
    EXPECT_EQ(guest.asks(R"({"!":{"var":{"cat":["wea","ther"]}}})"), "unknown variable: var");
    EXPECT_EQ(guest.asks(R"({"!":{"missing":["weather"]}})"), "unknown variable: missing");
    EXPECT_EQ(guest.asks(R"({"!":{"frobnicate":1}})"), "unknown operator: frobnicate");
}

TEST_F(GateRule, ReadsVariablesByAComputedName) {
    EXPECT_EQ(guest.asks(R"({"==":[{"var":{"cat":["pro","duct"]}},1]})"), "yes");
    EXPECT_EQ(guest.asks(R"({"missing":["product","variation"]})"), "yes");
}

TEST_F(GateRule, CountsEntriesAndNotExits) {
    constexpr const char* kRule = R"({"<":[{"var":"entries_number"},2]})";
    EXPECT_EQ(guest.asks(kRule), "yes");
    guest.entry("2020-01-01T08:00:00Z");
    guest.exit("2020-01-01T08:30:00Z");
    EXPECT_EQ(guest.asks(kRule), "yes");
    guest.entry("2020-01-01T09:00:00Z");
    EXPECT_EQ(guest.asks(kRule), "no");
}

TEST_F(GateRule, BeginsANewDayAtMidnightOfTheEvent) {
    constexpr const char* kRule = R"({"<":[{"var":"entries_today"},2]})";
    guest.entry("2020-01-01T14:58:00Z");
    guest.entry("2020-01-01T14:59:59.999Z");
    guest.now("2020-01-01T14:59:59.999Z");
    EXPECT_EQ(guest.asks(kRule), "no");
    guest.now("2020-01-01T15:00:00Z");
    EXPECT_EQ(guest.asks(kRule), "yes");
    EXPECT_EQ(guest.asks(R"({"==":[{"var":"entries_today"},0]})"), "yes");
}

TEST_F(GateRule, CountsEntriesOfAClockThatIsAheadAsTodays) {
    guest.entry("2020-01-03T00:00:00Z");
    EXPECT_EQ(guest.asks(R"({"<":[{"var":"entries_today"},1]})"), "no");
    EXPECT_EQ(guest.asks(R"({"==":[{"var":"minutes_since_last_entry"},0]})"), "yes");
}

TEST_F(GateRule, CountsDaysWithEntries) {
    for (const char* time :
         {"2020-01-01T14:00:00Z", "2020-01-01T16:00:00Z", "2020-01-02T10:00:00Z"})
        guest.entry(time);
    guest.exit("2020-01-09T10:00:00Z");
    EXPECT_EQ(guest.asks(R"({"==":[{"var":"entries_days"},2]})"), "yes");
    std::swap(guest.visits[0], guest.visits[2]);  // out of order
    guest.entry("2020-01-01T13:00:00Z");
    EXPECT_EQ(guest.asks(R"({"==":[{"var":"entries_days"},2]})"), "yes");
    guest.visits.clear();
    EXPECT_EQ(guest.asks(R"({"==":[{"var":"entries_days"},0]})"), "yes");
}

TEST_F(GateRule, CountsEntriesSinceAndBeforeAMoment) {
    guest.entry("2019-12-31T14:00:00Z");
    guest.entry("2020-01-01T14:59:59Z");
    guest.entry("2020-01-01T15:00:00Z");
    guest.entry("2020-01-01T15:00:01Z");
    const auto with = [&](std::string_view op, int count) {
        return guest.asks(R"({"===":[{")" + std::string{op} +
                          R"(":[{"buildTime":["custom","2020-01-02T00:00:00+09:00"]}]},)" +
                          std::to_string(count) + "]}");
    };
    EXPECT_EQ(with("entries_since", 2), "yes");
    EXPECT_EQ(with("entries_before", 2), "yes");
    EXPECT_EQ(with("entries_days_since", 1), "yes");
    EXPECT_EQ(with("entries_days_before", 2), "yes");
    EXPECT_EQ(guest.asks(R"({"entries_since":["2020-01-01T00:00:00Z"]})"),
              "an argument of the wrong kind: entries_since");
    EXPECT_EQ(guest.asks(R"({"entries_before":[]})"),
              "an argument of the wrong kind: entries_before");
}

TEST_F(GateRule, CountsWholeMinutesSinceEntries) {
    EXPECT_EQ(guest.asks(R"({"===":[{"var":"minutes_since_last_entry"},-1]})"), "yes");
    EXPECT_EQ(guest.asks(R"({"===":[{"var":"minutes_since_first_entry"},-1]})"), "yes");
    guest.exit("2020-01-01T09:59:00Z");
    EXPECT_EQ(guest.asks(R"({"===":[{"var":"minutes_since_last_entry"},-1]})"), "yes");
    guest.entry("2020-01-01T07:00:00Z");
    guest.entry("2020-01-01T09:58:00.001Z");
    EXPECT_EQ(guest.asks(R"({"===":[{"var":"minutes_since_last_entry"},1]})"), "yes");
    EXPECT_EQ(guest.asks(R"({"===":[{"var":"minutes_since_first_entry"},180]})"), "yes");
}

TEST_F(GateRule, KnowsWhoIsInside) {
    constexpr const char* kOutside = R"({"==":[{"var":"entry_status"},"absent"]})";
    EXPECT_EQ(guest.asks(kOutside), "yes");
    guest.entry("2020-01-01T08:00:00Z");
    EXPECT_EQ(guest.asks(kOutside), "no");
    guest.exit("2020-01-01T08:00:00Z");  // the same moment, later in order
    EXPECT_EQ(guest.asks(kOutside), "yes");
    EXPECT_EQ(guest.asks(R"({"==":[{"var":"entry_status"},"present"]})"), "no");
}

TEST_F(GateRule, MeasuresTimesWithTolerance) {
    guest.facts.times.admission = moment("2020-01-01T09:00:00Z");
    guest.facts.times.to = moment("2020-01-01T14:00:00Z");
    constexpr const char* kAfter =
        R"({"isAfter":[{"var":"now"},{"buildTime":["date_admission"]},10]})";
    guest.now("2020-01-01T08:50:00Z");
    EXPECT_EQ(guest.asks(kAfter), "no");
    guest.now("2020-01-01T08:50:00.001Z");
    EXPECT_EQ(guest.asks(kAfter), "yes");
    constexpr const char* kBefore =
        R"({"isBefore":[{"var":"now"},{"buildTime":["date_to"]},"10"]})";
    guest.now("2020-01-01T14:09:59.999Z");
    EXPECT_EQ(guest.asks(kBefore), "yes");
    guest.now("2020-01-01T14:10:00Z");
    EXPECT_EQ(guest.asks(kBefore), "no");
}

TEST_F(GateRule, HasNoToleranceUnlessItIsGiven) {
    guest.now("2020-01-01T09:59:59Z");
    for (const char* none : {"", ",null", ",0", ",\"\"", ",false"}) {
        const std::string rule =
            R"({"isAfter":[{"var":"now"},{"buildTime":["date_from"]})" + std::string{none} + "]}";
        EXPECT_EQ(guest.asks(rule), "no") << none;
    }
    for (const char* bad : {",\"x\"", ",1e300", ",{\"buildTime\":[\"date_from\"]}", ",[1,2]"}) {
        const std::string rule =
            R"({"isAfter":[{"var":"now"},{"buildTime":["date_from"]})" + std::string{bad} + "]}";
        EXPECT_EQ(guest.asks(rule), "an argument of the wrong kind: isAfter") << bad;
    }
}

TEST_F(GateRule, FallsBackToTheBeginOfTheEvent) {
    guest.now("2020-01-01T09:59:59Z");
    for (const char* kind : {"date_from", "date_to", "date_admission"}) {
        const std::string rule =
            R"({"isBefore":[{"var":"now"},{"buildTime":[")" + std::string{kind} + R"("]}]})";
        EXPECT_EQ(guest.asks(rule), "yes");
    }
    guest.facts.times.from.reset();
    EXPECT_EQ(guest.asks(R"({"isBefore":[{"var":"now"},{"buildTime":["date_to"]}]})"),
              "the event has no such date or no time zone: buildTime");
}

TEST_F(GateRule, TakesATimeOfDayAtTheEvent) {
    constexpr const char* kRule =
        R"({"isAfter":[{"var":"now"},{"buildTime":["customtime","14:00"]}]})";
    guest.now("2020-01-01T05:00:00Z");
    EXPECT_EQ(guest.asks(kRule), "no");
    guest.now("2020-01-01T05:00:01Z");
    EXPECT_EQ(guest.asks(kRule), "yes");
    guest.now("2020-01-01T15:30:00Z");  // the day after, early
    EXPECT_EQ(guest.asks(kRule), "no");
    EXPECT_EQ(guest.asks(R"({"isAfter":[{"var":"now"},{"buildTime":["customtime","25:00"]}]})"),
              "an argument of the wrong kind: buildTime");
    EXPECT_EQ(
        guest.asks(
            R"({"isAfter":[{"var":"now"},{"buildTime":["customtime",{"cat":["00:","10"]}]}]})"),
        "yes");
}

TEST_F(GateRule, GoesAnHourBackWhereTheClocksJump) {
    const Zone berlin{crypto::zone_table("Europe/Berlin").value()};
    guest.facts.zone = &berlin;
    constexpr const char* kRule =
        R"({"isAfter":[{"var":"now"},{"buildTime":["customtime","02:30"]}]})";
    guest.now("2020-03-29T00:30:00Z");
    EXPECT_EQ(guest.asks(kRule), "no");
    guest.now("2020-03-29T00:30:01Z");
    EXPECT_EQ(guest.asks(kRule), "yes");
}

TEST_F(GateRule, KnowsTheWeekdayOfTheEvent) {
    constexpr const char* kWeekend = R"({">=":[{"var":"now_isoweekday"},6]})";
    guest.now("2020-01-03T14:59:59Z");
    EXPECT_EQ(guest.asks(kWeekend), "no");
    guest.now("2020-01-03T15:00:00Z");
    EXPECT_EQ(guest.asks(kWeekend), "yes");
}

TEST_F(GateRule, RefusesDaysWithoutATimeZone) {
    guest.facts.zone = nullptr;
    guest.entry("2020-01-01T08:00:00Z");
    for (const char* variable : {"now_isoweekday", "entries_today", "entries_days"})
        EXPECT_EQ(guest.asks(R"({"!":{"var":")" + std::string{variable} + R"("}})"),
                  "the event has no such date or no time zone: " + std::string{variable});
    EXPECT_NE(guest.asks(R"({"isAfter":[{"var":"now"},{"buildTime":["customtime","14:00"]}]})"),
              "yes");
    EXPECT_EQ(
        guest.asks(R"({"isAfter":[{"var":"now"},{"buildTime":["custom","2019-01-01T00:00Z"]}]})"),
        "yes");
}

TEST_F(GateRule, HasAnAnswerAtTheEndsOfTime) {
    guest.entry("2020-01-01T08:00:00Z");
    const auto number = [&](const char* variable, const char* least) {
        return guest.asks(R"({">=":[{"var":")" + std::string{variable} + "\"}," + least + "]}");
    };
    for (const WallTime now : {WallTime::min(), WallTime::max(), WallTime{}, kFirstMoment}) {
        for (const WallTime entry : {WallTime::min(), WallTime::max(), WallTime{}}) {
            guest.facts.now = now;
            guest.visits[0].time = entry;
            EXPECT_EQ(number("now_isoweekday", "1"), "yes");
            EXPECT_EQ(number("entries_today", "0"), "yes");
            EXPECT_EQ(number("entries_days", "1"), "yes");
            EXPECT_EQ(number("minutes_since_last_entry", "0"), "yes");
            EXPECT_NE(guest.why(R"({"isAfter":[{"buildTime":["date_from"]},{"var":"now"}]})"),
                      guest.why(R"({"isBefore":[{"buildTime":["date_from"]},{"var":"now"}]})"));
        }
    }
}

TEST_F(GateRule, ComparesNowWithMomentsAlone) {
    for (const char* rule : {R"({">":[{"var":"now"},5]})", R"({"!=":[{"var":"now"},"x"]})",
                             R"({"in":[{"var":"now"},[1]]})", R"({"cat":[{"var":"now"}]})"})
        EXPECT_NE(guest.asks(rule), "yes") << rule;
    EXPECT_EQ(guest.asks(R"({"isAfter":[{"var":"now"},"2019-01-01T00:00:00Z"]})"),
              "an argument of the wrong kind: isAfter");
}

TEST_F(GateRule, GoesOverListsWithVariablesOutsideOnly) {
    EXPECT_EQ(guest.asks(R"({"some":[[1,2],{"==":[{"var":""},2]}]})"), "yes");
    EXPECT_EQ(guest.asks(R"({"some":[[{"var":"product"}],{"==":[{"var":""},1]}]})"), "yes");
    EXPECT_EQ(guest.asks(R"({"some":[[1],{"var":"product"}]})"), "no");
}

}  // namespace
}  // namespace stile::test
