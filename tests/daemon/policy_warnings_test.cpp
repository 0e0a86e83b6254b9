// SPDX-License-Identifier: Apache-2.0
// What a policy document may say, and hardly meant.
#include <gtest/gtest.h>

#include "daemon/policy/policy_document.hpp"

namespace stile {
namespace {

// Of a document that begins with three lines of its own.
std::vector<std::string> warnings(std::string_view text) {
    const auto reading =
        read_policy(std::string{"[policy]\nversion = 1\nname = \"x\"\n"}.append(text), {});
    std::vector<std::string> texts;
    for (const auto& mistake : reading.mistakes)
        texts.push_back(config::text_of(mistake, "mistake"));
    for (const auto& warning : reading.warnings)
        texts.push_back(config::text_of(warning, "p"));
    return texts;
}

using Texts = std::vector<std::string>;

// Two lanes for an area of the name "a".
const std::string kDoors =
    "[[lane]]\nname = \"in\"\nto = \"a\"\n[[lane]]\nname = \"out\"\ndirection = \"exit\"\n"
    "from = \"a\"\n";

std::string area(std::string_view more) {
    return std::string{"[[area]]\nname = \"a\"\nnumber = 1\n"}.append(more);
}

TEST(PolicyWarnings, AreNoneForAPlainArea) {
    EXPECT_EQ(warnings(area(kDoors)), Texts{});
}

TEST(PolicyWarnings, TellOfAnAreaThatNobodyGetsInto) {
    EXPECT_EQ(warnings(area("capacity = 0\n" + kDoors)),
              Texts{"p:7: area.capacity: 0: nobody gets into \"a\""});
}

TEST(PolicyWarnings, TellOfAnAreaWithoutALane) {
    EXPECT_EQ(warnings(area("")),
              Texts{"p:5: area.name: no [[lane]] leads into \"a\": nobody is ever counted there"});
}

TEST(PolicyWarnings, TellOfHardPassbackWithoutAnExit) {
    const std::string text =
        "zone = \"Asia/Tokyo\"\n" +
        area("passback = \"hard\"\ndaily_reset = \"06:00\"\n[[lane]]\nname = \"in\"\nto = \"a\"\n");
    EXPECT_EQ(warnings(text), Texts{"p:8: area.passback: \"hard\", but no [[lane]] leads out of "
                                    "\"a\": whoever has left it is refused"});
}

TEST(PolicyWarnings, TellOfHardPassbackThatNothingResets) {
    EXPECT_EQ(warnings(area("passback = \"hard\"\n" + kDoors)),
              Texts{"p:7: area.passback: \"hard\" without daily_reset: whoever leaves \"a\" unseen "
                    "is refused for ever"});
}

TEST(PolicyWarnings, TellOfAnAreaThatHoldsMoreThanTheOneAroundIt) {
    EXPECT_EQ(warnings(area("capacity = 10\n" + kDoors +
                            "[[area]]\nname = \"b\"\nnumber = 2\nparent = \"a\"\ncapacity = 11\n"
                            "[[lane]]\nname = \"b\"\nfrom = \"a\"\nto = \"b\"\n")),
              Texts{"p:19: area.capacity: 11 is more than the 10 of the area around it"});
}

TEST(PolicyWarnings, TellOfALaneThatLeadsToItself) {
    EXPECT_EQ(warnings("[[lane]]\nname = \"l\"\n"),
              Texts{"p:5: lane.name: lane \"l\" leads from \"outside\" to itself"});
}

TEST(PolicyWarnings, TellOfALaneInTheWrongDirection) {
    EXPECT_EQ(warnings(area(kDoors + "[[lane]]\nname = \"l\"\nfrom = \"a\"\n")),
              Texts{"p:15: lane.direction: lane \"l\" leads from \"a\" to \"outside\": is that an "
                    "entry?"});
    EXPECT_EQ(warnings(area(kDoors + "[[lane]]\nname = \"l\"\ndirection = \"exit\"\nto = \"a\"\n")),
              Texts{"p:15: lane.direction: lane \"l\" leads from \"outside\" to \"a\": is that an "
                    "exit?"});
}

TEST(PolicyWarnings, TellOfALaneThatLeadsPastAStrictParent) {
    EXPECT_EQ(warnings(area(kDoors + "[[area]]\nname = \"b\"\nnumber = 2\nparent = \"a\"\n"
                                     "parents = \"strict\"\n[[lane]]\nname = \"l\"\nto = \"b\"\n")),
              Texts{"p:20: lane.from: \"b\" has strict parents, and lane \"l\" leads past the "
                    "entrance of \"a\""});
}

TEST(PolicyWarnings, TellOfAProductThatNoListHas) {
    const std::string text =
        "[[product]]\nname = \"a\"\nids = [1]\n[[product]]\nname = \"b\"\nids = [2]\n"
        "[[list]]\nname = \"l\"\nproducts = [\"a\"]\n";
    EXPECT_EQ(warnings(text),
              Texts{"p:8: product.name: no [[list]] has \"b\": it gets in nowhere"});
}

TEST(PolicyWarnings, TellOfAPolicyThatLetsNobodyIn) {
    EXPECT_EQ(warnings("other_products = \"refuse\"\n"),
              Texts{"p:4: policy.other_products: \"refuse\", and there is no [[product]]: nobody "
                    "gets in"});
}

TEST(PolicyWarnings, TellOfWhatNobodyUses) {
    EXPECT_EQ(warnings("[[class]]\nname = \"crew\"\n"),
              Texts{"p:5: class.name: no product is of the class \"crew\""});
    EXPECT_EQ(warnings("[[class]]\nname = \"guest\"\n"), Texts{});
    EXPECT_EQ(warnings("[[slot]]\nname = \"s\"\nbegins = 2026-01-01T00:00:00Z\n"
                       "ends = 2026-01-02T00:00:00Z\n"),
              Texts{"p:5: slot.name: no product and no class has the slot \"s\""});
    EXPECT_EQ(warnings(area("passback_minutes = 5\n" + kDoors)),
              Texts{"p:7: area.passback_minutes: does nothing unless passback = \"timed\""});
}

}  // namespace
}  // namespace stile
