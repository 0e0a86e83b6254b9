// SPDX-License-Identifier: Apache-2.0
// Rules that are too deep, too large or too slow: each has a defined end.
#include <gtest/gtest.h>

#include "tests/daemon/rules_fixture.hpp"

namespace stile::test {
namespace {

std::string nested(std::string_view open, std::string_view inner, std::string_view close,
                   std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i)
        text += open;
    text += inner;
    for (std::size_t i = 0; i < depth; ++i)
        text += close;
    return text;
}

class RuleLimit : public testing::Test {
protected:
    Guest guest;
};

TEST_F(RuleLimit, IsAHundredAndTwentyEightLevels) {
    EXPECT_EQ(guest.asks(nested("[", "1", "]", 128)), "yes");
    EXPECT_EQ(guest.asks(nested("[", "1", "]", 129)), "bad rule: nested too deep");
    EXPECT_EQ(guest.asks(nested(R"({"!!":)", "1", "}", 128)), "yes");
    EXPECT_EQ(guest.asks(nested(R"({"!!":)", "1", "}", 129)), "bad rule: nested too deep");
}

TEST_F(RuleLimit, EndsRulesThatGoOnAndOn) {
    for (const std::size_t depth : {10'000U, 100'000U}) {
        EXPECT_EQ(guest.asks(nested("[", "1", "]", depth)), "bad rule: nested too deep");
        EXPECT_EQ(guest.asks(nested(R"({"!":)", "1", "}", depth)), "bad rule: nested too deep");
        EXPECT_EQ(guest.asks(std::string(depth, '[')), "bad rule: nested too deep");
    }
}

TEST_F(RuleLimit, IsAMegabyteOfText) {
    EXPECT_EQ(guest.asks("\"" + std::string(1'048'577, 'a') + "\""),
              "bad rule: longer than a megabyte");
    EXPECT_EQ(guest.asks("\"" + std::string(1'000'000, 'a') + "\""), "yes");
}

TEST_F(RuleLimit, IsFiftyThousandParts) {
    std::string list = "[0";
    for (int i = 0; i < 60'000; ++i)
        list += ",0";
    EXPECT_EQ(guest.asks(list + "]"), "bad rule: too large");
}

TEST_F(RuleLimit, StopsTextsThatDouble) {
    std::string forty = "[0";
    for (int i = 0; i < 40; ++i)
        forty += ",0";
    const std::string rule = R"({"reduce":[)" + forty +
                             R"(],{"cat":[{"var":"accumulator"},{"var":"accumulator"}]},"x"]})";
    EXPECT_EQ(guest.asks(rule), "too large: cat");
    const std::string lists =
        R"({"reduce":[)" + forty +
        R"(],{"merge":[{"var":"accumulator"},{"var":"accumulator"}]},[1,2]]})";
    EXPECT_EQ(guest.asks(lists), "too large: merge");
    const std::string shared =
        R"({"cat":{"reduce":[)" + forty + R"(],[{"var":"accumulator"},{"var":"accumulator"}],1]}})";
    EXPECT_EQ(guest.asks(shared), "too large: cat");
}

TEST_F(RuleLimit, StopsListsThatGrowInward) {
    std::string many = "[0";
    for (int i = 0; i < 5'000; ++i)
        many += ",0";
    EXPECT_EQ(guest.asks(R"({"reduce":[)" + many + R"(],[{"var":"accumulator"}],1]})"),
              "nested too deep");
}

TEST_F(RuleLimit, StopsLoopsInLoops) {
    const std::string ten = "[0,1,2,3,4,5,6,7,8,9]";
    std::string deep = "1";
    for (int i = 0; i < 9; ++i)
        deep = R"({"all":[)" + ten + "," + deep + "]}";
    EXPECT_EQ(guest.asks(deep), "takes too long to evaluate");
}

TEST_F(RuleLimit, StopsRulesThatCountManyVisitsManyTimes) {
    for (int i = 0; i < 20'000; ++i)
        guest.entry("2020-01-01T08:00:00Z");
    std::string rule = R"({"and":[true)";
    for (int i = 0; i < 1'000; ++i)
        rule += R"(,{"var":"entries_today"})";
    EXPECT_EQ(guest.asks(rule + "]}"), "takes too long to evaluate: entries_today");
    EXPECT_EQ(guest.asks(R"({"<":[{"var":"entries_number"},20001]})"), "yes");
}

TEST_F(RuleLimit, EndsAnAnswerThatIsLongerWrittenThanKept) {
    std::string list = "[0";
    for (int i = 0; i < 60; ++i)
        list += ",0";
    const std::string line = R"([{"reduce":[)" + list +
                             R"(],[{"var":"accumulator"},{"var":"accumulator"}],"abcdefgh"]}])";
    EXPECT_EQ(rules::answer_rule_line(line), R"({"error":"the value is too large"})");
}

TEST_F(RuleLimit, NamesThePlaceOfAMistake) {
    EXPECT_EQ(guest.asks(R"({"and":[1,})"), "bad rule: at byte 11: not JSON");
    EXPECT_EQ(guest.asks(R"({"and":1,"and":2})"),
              "bad rule: an object has two members of one name");
    for (const char* bad : {"{", "{]", "nul", "\xff", "\"\xff\"", "1 2", "'a'", "{a:1}", "[1e400]"})
        EXPECT_TRUE(guest.asks(bad).starts_with("bad rule: ")) << bad;
}

}  // namespace
}  // namespace stile::test
