// SPDX-License-Identifier: Apache-2.0
// Everything that a policy document must not say.
#include "tests/daemon/policy_text_of.hpp"

namespace stile {
namespace {

using namespace stile::test;

struct Wrong {
    std::string_view text;
    std::string_view mistake;
};

void expect_wrong(std::initializer_list<Wrong> rows) {
    for (const Wrong& row : rows)
        EXPECT_EQ(told(read(row.text).mistakes), std::vector<std::string>{std::string{row.mistake}})
            << row.text;
}

TEST(PolicyMistakes, MustBeginWithItsVersionAndName) {
    EXPECT_EQ(told(read_policy("", {}).mistakes),
              std::vector<std::string>{
                  "p:1: policy: missing: begin with [policy], a version and a name"});
    EXPECT_EQ(told(read_policy("[policy]\nname = \"x\"\n", {}).mistakes),
              std::vector<std::string>{"p:1: policy.version: missing"});
    EXPECT_EQ(told(read_policy("[policy]\nversion = 1\n", {}).mistakes),
              std::vector<std::string>{"p:1: policy.name: missing"});
}

TEST(PolicyMistakes, MustNotNameWhatItDoesNotHave) {
    expect_wrong({
        {"[[area]]\nname = \"a\"\nnumber = 1\nparent = \"b\"\n",
         "p:8: area.parent: there is no area \"b\"; there are: outside, a"},
        {"[[lane]]\nname = \"a\"\nfrom = \"b\"\n",
         "p:7: lane.from: there is no area \"b\"; there are: outside, none"},
        {"[[lane]]\nname = \"a\"\nlist = \"b\"\n",
         "p:7: lane.list: there is no [[list]] \"b\"; there are: none"},
        {"[[area]]\nname = \"a\"\nnumber = 1\nexempt = [\"crew\"]\n",
         "p:8: area.exempt: there is no [[class]] \"crew\""},
        {"[[product]]\nname = \"a\"\nclass = \"crew\"\n",
         "p:7: product.class: there is no [[class]] \"crew\"; there are: guest"},
        {"[[product]]\nname = \"a\"\nslots = [\"s\"]\n",
         "p:7: product.slots: there is no [[slot]] \"s\"; there are: none"},
        {"[[class]]\nname = \"a\"\nslots = [\"s\"]\n",
         "p:7: class.slots: there is no [[slot]] \"s\"; there are: none"},
        {"[[list]]\nname = \"a\"\nproducts = [\"p\"]\n",
         "p:7: list.products: there is no [[product]] \"p\"; there are: none"},
        {"gates = [\"a\"]\n[[lane]]\nname = \"l\"\ngate = \"b\"\n",
         "p:8: lane.gate: \"b\" is not among policy.gates"},
    });
}

TEST(PolicyMistakes, MustNotNameTwoThingsAlike) {
    expect_wrong({
        {"[[area]]\nname = \"a\"\nnumber = 1\n[[area]]\nname = \"a\"\nnumber = 2\n",
         "p:9: area.name: \"a\" is in line 6 already: give each its own name"},
        {"[[area]]\nname = \"a\"\nnumber = 1\n[[area]]\nname = \"b\"\nnumber = 1\n",
         "p:10: area.number: 1 is in line 7 already: give each area its own number"},
        {"[[area]]\nname = \"outside\"\nnumber = 1\n",
         "p:6: area.name: \"outside\" is everything that is no area"},
        {"[[class]]\nname = \"a\"\n[[class]]\nname = \"a\"\n",
         "p:8: class.name: \"a\" is in line 6 already: give each its own name"},
        {"[[product]]\nname = \"a\"\nids = [1]\n[[product]]\nname = \"a\"\nids = [2]\n",
         "p:9: product.name: \"a\" is in line 6 already: give each its own name"},
        {"[[lane]]\nname = \"a\"\n[[lane]]\nname = \"a\"\n",
         "p:8: lane.name: lane \"a\" has its entry in line 6 already"},
        {"[[lane]]\nname = \"a\"\ngate = \"g\"\n[[lane]]\nname = \"a\"\n",
         "p:9: lane.name: lane \"a\" has its entry in line 6 already"},
        {"[[list]]\nname = \"a\"\n[[list]]\nname = \"b\"\n",
         "p:8: list.name: list \"a\" has this event and number already: give each a number of its "
         "own"},
    });
}

TEST(PolicyMistakes, MustNotHaveAProductInTwoPlaces) {
    expect_wrong({
        {"[[product]]\nname = \"a\"\nids = [1, 2]\n[[product]]\nname = \"b\"\nids = [3, 2]\n",
         "p:9: product.name: product 2 is in \"a\" of line 6 already"},
        {"[[product]]\nname = \"a\"\n[[product]]\nname = \"b\"\n",
         "p:8: product.name: every other product is in \"a\" of line 6 already"},
        {"[[product]]\nname = \"a\"\nids = [4, 4]\n", "p:7: product.ids: 4 is in it twice"},
        {"[[product]]\nname = \"a\"\nevent = 1\nids = [4]\n[[list]]\nname = \"l\"\nevent = 2\n"
         "products = [\"a\"]\n",
         "p:12: list.products: \"a\" is of event 1, this list of event 2"},
    });
    EXPECT_TRUE(read("[[product]]\nname = \"a\"\nids = [1]\n[[product]]\nname = \"b\"\nids = [1]\n"
                     "event = 7\n[[product]]\nname = \"c\"\nevent = 7\n")
                    .mistakes.empty());
}

TEST(PolicyMistakes, MustNotHaveListsOfNothing) {
    expect_wrong({
        {"[[product]]\nname = \"a\"\nids = []\n",
         "p:7: product.ids: names no product: leave it out if all are meant"},
        {"[[product]]\nname = \"a\"\nslots = []\n",
         "p:7: product.slots: names no slot: leave it out if there are none"},
        {"[[product]]\nname = \"a\"\nlists = []\n",
         "p:7: product.lists: names no list: leave it out if all are allowed"},
        {"[[list]]\nname = \"a\"\nproducts = []\n",
         "p:7: list.products: names no product: leave it out if all are meant"},
    });
}

TEST(PolicyMistakes, MustHaveAreasThatAreATree) {
    EXPECT_EQ(told(read("[[area]]\nname = \"a\"\nnumber = 1\nparent = \"b\"\n"
                        "[[area]]\nname = \"b\"\nnumber = 2\nparent = \"a\"\n")
                       .mistakes),
              (std::vector<std::string>{
                  "p:8: area.parent: \"a\" lies in itself: follow its parents, and let one of "
                  "them be \"outside\"",
                  "p:12: area.parent: \"b\" lies in itself: follow its parents, and let one of "
                  "them be \"outside\""}));
}

TEST(PolicyMistakes, MustNotHaveTooMuchOfAnything) {
    const auto rows = [](std::string_view section, int count, std::string_view more) {
        std::string text;
        for (int i = 1; i <= count; ++i)
            text += "[[" + std::string{section} + "]]\nname = \"n" + std::to_string(i) + "\"\n" +
                    std::string{more} + (section == "area" ? std::to_string(i) : "") + "\n";
        return text;
    };
    EXPECT_TRUE(read(rows("area", 256, "number = ")).mistakes.empty());
    EXPECT_EQ(told(read(rows("area", 257, "number = ")).mistakes),
              std::vector<std::string>{"p:774: area: this is one more than 256"});
    EXPECT_EQ(told(read(rows("class", 64, "")).mistakes),
              std::vector<std::string>{"p:195: class: this is one more than 63"});
    EXPECT_EQ(told(read(rows("lane", 1001, "")).mistakes).size(), 1U);
}

TEST(PolicyMistakes, MustNotNestAreasTooDeep) {
    std::string text = "[[area]]\nname = \"n0\"\nnumber = 1\n";
    for (int i = 1; i < 17; ++i)
        text += "[[area]]\nname = \"n" + std::to_string(i) +
                "\"\nnumber = " + std::to_string(i + 1) + "\nparent = \"n" + std::to_string(i - 1) +
                "\"\n";
    EXPECT_EQ(told(read(text).mistakes),
              std::vector<std::string>{"p:71: area.parent: \"n16\" lies more than 16 areas deep"});
}

TEST(PolicyMistakes, MustSayWhenASlotIs) {
    const std::string end = "Give either days, from and to, or begins and ends";
    EXPECT_EQ(told(read("[[slot]]\nname = \"s\"\n").mistakes),
              std::vector<std::string>{"p:6: slot.name: when is \"s\"? " + end});
    EXPECT_EQ(told(read("[[slot]]\nname = \"s\"\ndays = [\"mon\"]\nfrom = \"10:00\"\n"
                        "to = \"11:00\"\nbegins = 2026-07-31T00:00:00Z\n")
                       .mistakes),
              std::vector<std::string>{"p:6: slot.name: when is \"s\"? " + end});
    expect_wrong({
        {"[[slot]]\nname = \"s\"\nfrom = \"10:00\"\nto = \"11:00\"\n",
         "p:6: slot.name: \"s\" needs days beside from and to"},
        {"[[slot]]\nname = \"s\"\ndays = [\"mon\"]\nfrom = \"10:00\"\n",
         "p:7: slot.days: needs from and to as well"},
        {"[[slot]]\nname = \"s\"\ndays = []\nfrom = \"10:00\"\nto = \"11:00\"\n",
         "p:7: slot.days: names no day"},
        {"[[slot]]\nname = \"s\"\nbegins = 2026-07-31T00:00:00Z\n",
         "p:6: slot.name: \"s\" needs both begins and ends"},
        {"[[slot]]\nname = \"s\"\nbegins = 2026-07-31T00:00:00Z\nends = 2026-07-31T00:00:00Z\n",
         "p:8: slot.ends: is not after begins"},
        {"[[slot]]\nname = \"s\"\ndays = [\"mon\"]\nfrom = \"10\"\nto = \"11:00\"\n",
         "p:8: slot.from: \"10\" is no time of day from \"00:00\" to \"23:59\""},
        {"[[slot]]\nname = \"s\"\ndays = [\"mon\"]\nfrom = \"10:00\"\nto = \"24:00\"\n",
         "p:9: slot.to: \"24:00\" is no time of day from \"00:00\" to \"23:59\""},
        {"[[slot]]\nname = \"s\"\ndays = [\"mon\"]\nfrom = \"10:00:30\"\nto = \"11:00\"\n",
         "p:8: slot.from: \"10:00:30\" is no time of day from \"00:00\" to \"23:59\""},
        {"[[slot]]\nname = \"s\"\ndays = [\"Mon\"]\nfrom = \"10:00\"\nto = \"11:00\"\n",
         "p:7: slot.days: \"Mon\" is not one of: mon, tue, wed, thu, fri, sat, sun"},
    });
}

TEST(PolicyMistakes, MustSayByWhoseClockTimesOfDayAre) {
    const std::string head = "[policy]\nversion = 1\nname = \"x\"\n";
    const std::string advice =
        "by whose clock? Name the zone in [policy], for example zone = \"Europe/Berlin\"";
    EXPECT_EQ(told(read_policy(head + "[[area]]\nname = \"a\"\nnumber = 1\n"
                                      "daily_reset = \"06:00\"\n",
                               {})
                       .mistakes),
              std::vector<std::string>{"p:7: area.daily_reset: " + advice});
    EXPECT_EQ(told(read_policy(head + "[[slot]]\nname = \"a\"\ndays = [\"mon\"]\n"
                                      "from = \"06:00\"\nto = \"07:00\"\n",
                               {})
                       .mistakes),
              std::vector<std::string>{"p:7: slot.from: " + advice});
    const auto unknown = told(read_policy(head + "zone = \"Europe/Atlantis\"\n", {}).mistakes);
    ASSERT_EQ(unknown.size(), 1U);
    EXPECT_TRUE(unknown[0].starts_with("p:4: policy.zone: \"Europe/Atlantis\"")) << unknown[0];
}

TEST(PolicyMistakes, MustSayForHowLongTimedPassbackIs) {
    expect_wrong({
        {"[[area]]\nname = \"a\"\nnumber = 1\npassback = \"timed\"\n",
         "p:8: area.passback: \"timed\" needs passback_minutes: for how long is it refused?"},
        {"[[area]]\nname = \"a\"\nnumber = 1\npassback = \"timed\"\npassback_minutes = 0\n",
         "p:9: area.passback_minutes: 0 is not between 1 and 527040"},
        {"[[area]]\nname = \"a\"\nnumber = 1\npassback = \"firm\"\n",
         "p:8: area.passback: \"firm\" is not one of: off, soft, timed, hard"},
    });
}

TEST(PolicyMistakes, MustHaveTheRightTypesAndRanges) {
    expect_wrong({
        {"versoin = 1\n", "p:5: policy.versoin: unknown key"},
        {"[areas]\n", "p:5: areas: unknown section"},
        {"[area]\nname = \"a\"\n", "p:5: area: must be sections [[area]]"},
        {"[[freshness]]\n", "p:5: freshness: must be a section [freshness]"},
        {"[[area]]\nname = \"a\"\n", "p:5: area.number: missing"},
        {"[[area]]\nname = \"a\"\nnumber = 0\n",
         "p:7: area.number: 0 is not between 1 and 4294967295"},
        {"[[area]]\nname = \"A\"\nnumber = 1\n",
         "p:6: area.name: \"A\" is not a name of a-z, 0-9 and - (at most 63)"},
        {"[[area]]\nname = \"a\"\nnumber = 1\ncapacity = -1\n",
         "p:8: area.capacity: -1 is not between 0 and 10000000"},
        {"[[area]]\nname = \"a\"\nnumber = 1\ncapacity = \"many\"\n",
         "p:8: area.capacity: must be a whole number"},
        {"[[area]]\nname = \"a\"\nnumber = 1\ntitle = \"0123456789012345678901234567890123456789"
         "012345678901234567890\"\n",
         "p:8: area.title: longer than 60 bytes: guests read it on a small display"},
        {"[[product]]\nname = \"a\"\nassurance = \"A5\"\n",
         "p:7: product.assurance: \"A5\" is not one of: A0, A1, A2, A3, A4"},
        {"[[product]]\nname = \"a\"\nassurance = 2\n",
         "p:7: product.assurance: must be a text in quotes"},
        {"[[product]]\nname = \"a\"\nrelease_ms = 100\n",
         "p:7: product.release_ms: 100 is not between 500 and 120000"},
        {"[[product]]\nname = \"a\"\ngroup = true\n",
         "p:7: product.group: must be a text in quotes"},
        {"[[product]]\nname = \"a\"\nids = [1, \"2\"]\n",
         "p:7: product.ids: must be a list of whole numbers"},
        {"[[class]]\nname = \"a\"\nexempt = [\"all\"]\n",
         "p:7: class.exempt: \"all\" is not one of: passback, capacity"},
        {"[[list]]\nname = \"a\"\nevent = 0\n",
         "p:7: list.event: 0 is not between 1 and 4294967295"},
        {"[[list]]\nname = \"a\"\nreentry = \"sometimes\"\n",
         "p:7: list.reentry: \"sometimes\" is not one of: never, after-exit, always"},
        {"[clock]\ntimed_wrong = \"panic\"\n",
         "p:6: clock.timed_wrong: \"panic\" is not one of: admit, flag, refuse"},
    });
}

TEST(PolicyMistakes, TellsAllThatIsWrongAtOnceAndByLine) {
    EXPECT_EQ(told(read("[[lane]]\nname = \"l\"\nto = \"nowhere\"\n"
                        "[[area]]\nname = \"a\"\nnumber = \"one\"\n"
                        "[[area]]\nname = \"b\"\nnumber = 2\ncapacity = -4\nparent = \"c\"\n")
                       .mistakes),
              (std::vector<std::string>{
                  "p:7: lane.to: there is no area \"nowhere\"; there are: outside, a, b",
                  "p:10: area.number: must be a whole number",
                  "p:14: area.capacity: -4 is not between 0 and 10000000",
                  "p:15: area.parent: there is no area \"c\"; there are: outside, a, b",
              }));
}

TEST(PolicyMistakes, EndsAtAMistakeOfItsSyntax) {
    const auto mistakes = read("[[area]\nname = \"a\"\n").mistakes;
    ASSERT_EQ(mistakes.size(), 1U);
    EXPECT_EQ(mistakes[0].line, 5U);
}

}  // namespace
}  // namespace stile
