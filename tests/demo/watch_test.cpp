// SPDX-License-Identifier: Apache-2.0
// What the demo prints of the entries that arrive, and when it is content.
#include <gtest/gtest.h>

#include "tests/demo/scenes.hpp"
#include "tests/demo/verdict_watch.hpp"
#include "tests/devices/fixtures.hpp"

namespace stile::demo {
namespace {

using devices::testing::TempFolder;
using devices::testing::write_file;

std::string decision(int seq, std::string_view verdict, std::string_view reason) {
    return R"(stile/v1/v/north/entry {"v":1,"gate":"north","epoch":"00aa","seq":)" +
           std::to_string(seq) +
           R"(,"time":"2031-05-01T18:00:00.123Z","kind":"decision","verdict":")" +
           std::string{verdict} + R"(","reason":")" + std::string{reason} +
           R"(","decided_us":6000})";
}

std::string passage(int seq, int admission) {
    return R"(stile/v1/v/north/entry {"v":1,"gate":"north","epoch":"00aa","seq":)" +
           std::to_string(seq) + R"(,"kind":"passage","result":"entered","admission":)" +
           std::to_string(admission) + R"(,"release_us":7300})";
}

TEST(VerdictWatch, ShowsARefusalAtOnce) {
    VerdictWatch watch{{}};
    const auto shown = watch.take(decision(1, "refuse", "REVOKED"));
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(shown[0].verdict, Shown::Verdict::Refuse);
    EXPECT_EQ(shown[0].reason, "REVOKED");
    EXPECT_EQ(shown[0].time, "18:00:00.123");
    EXPECT_EQ(shown[0].latency_us, 6000U);
}

TEST(VerdictWatch, ShowsAnAdmissionWithItsPassage) {
    VerdictWatch watch{{}};
    EXPECT_TRUE(watch.take(decision(1, "admit", "VALID")).empty());
    const auto shown = watch.take(passage(2, 1));
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(shown[0].verdict, Shown::Verdict::Admit);
    EXPECT_EQ(shown[0].latency_us, 7300U);
    EXPECT_EQ(shown[0].passage, "entered");
}

TEST(VerdictWatch, CountsAnEntryThatComesTwiceOnce) {
    VerdictWatch watch{{"REVOKED"}};
    (void)watch.take(decision(1, "refuse", "REVOKED"));
    EXPECT_TRUE(watch.take(decision(1, "refuse", "REVOKED")).empty());
    EXPECT_TRUE(watch.as_expected());
}

TEST(VerdictWatch, LeavesOtherTopicsAndRubbishOut) {
    VerdictWatch watch{{"VALID"}};
    for (const char* line : {"", "stile/v1/v/north/entry", "stile/v1/v/north/entry {", "[1]", "{}",
                             R"(stile/v1/v/north/status {"verdict":"admit","reason":"VALID"})",
                             R"({"verdict":5,"reason":[]})"})
        EXPECT_TRUE(watch.take(line).empty()) << line;
    EXPECT_FALSE(watch.complete());
}

TEST(VerdictWatch, IsCompleteWhenTheLastAdmissionHasItsPassage) {
    VerdictWatch watch{{"VALID"}};
    (void)watch.take(decision(1, "admit", "VALID"));
    EXPECT_FALSE(watch.complete());
    (void)watch.take(passage(2, 1));
    EXPECT_TRUE(watch.complete());
    EXPECT_TRUE(watch.as_expected());
}

TEST(VerdictWatch, ComparesInTheOrderOfTheDecisions) {
    VerdictWatch watch{{"USED", "REVOKED"}};
    (void)watch.take(decision(1, "refuse", "REVOKED"));
    (void)watch.take(decision(2, "refuse", "USED"));
    EXPECT_TRUE(watch.complete());
    EXPECT_FALSE(watch.as_expected());
    EXPECT_NE(watch.summary().find("scan 1: expected USED, got REVOKED"), std::string::npos);
}

TEST(VerdictWatch, IsNotContentWithAScanTooMany) {
    VerdictWatch watch{{"USED"}};
    (void)watch.take(decision(1, "refuse", "USED"));
    (void)watch.take(decision(2, "refuse", "USED"));
    EXPECT_FALSE(watch.as_expected());
}

TEST(VerdictWatch, IsNotContentWithAScanTooFew) {
    VerdictWatch watch{{"USED", "USED"}};
    (void)watch.take(decision(1, "refuse", "USED"));
    EXPECT_FALSE(watch.as_expected());
    EXPECT_NE(watch.summary().find("scan 2: expected USED, got no scan"), std::string::npos);
}

TEST(Scenes, ReadsPathsWithSpacesRelativeToTheList) {
    const TempFolder folder;
    write_file(folder / "list", "# demo\n\nan a.png  1.5 0.5\n/abs/b.png 2 0\n");
    const auto scenes = read_scenes(folder / "list");
    ASSERT_TRUE(scenes.has_value());
    ASSERT_EQ(scenes->size(), 2U);
    EXPECT_EQ((*scenes)[0].picture, folder / "an a.png");
    EXPECT_EQ((*scenes)[0].seconds, 1.5);
    EXPECT_EQ((*scenes)[0].empty_seconds, 0.5);
    EXPECT_EQ((*scenes)[1].picture, "/abs/b.png");
}

TEST(Scenes, NamesTheLineThatItCannotRead) {
    const TempFolder folder;
    for (const char* line :
         {"a.png", "a.png 1", "a.png one two", "1 2", "a.png 1 -2", "a.png 1 9999"}) {
        write_file(folder / "list", std::string{"# first\n"} + line + "\n");
        const auto scenes = read_scenes(folder / "list");
        ASSERT_FALSE(scenes) << line;
        EXPECT_NE(scenes.error().context.find("list:2:"), std::string::npos);
    }
}

}  // namespace
}  // namespace stile::demo
