// SPDX-License-Identifier: Apache-2.0
// stilectl policy check as somebody runs it.
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::test {
namespace {

class PolicyCheckProgram : public testing::Test {
protected:
    Finished check(std::string_view text, std::vector<std::string> options = {}) {
        options.insert(options.begin(), {"policy", "check", folder_.write("p.toml", text)});
        return run("stilectl", options, folder_.path());
    }
    [[nodiscard]] std::string file() const { return (folder_.path() / "p.toml").native(); }

    TempDir folder_;
};

constexpr std::string_view kGood =
    "[policy]\nversion = 4\nname = \"summer\"\n[[area]]\nname = \"hall\"\nnumber = 1\n"
    "[[area]]\nname = \"box\"\nnumber = 2\nparent = \"hall\"\ncapacity = 0\n"
    "[[lane]]\nname = \"l\"\nto = \"hall\"\n[[lane]]\nname = \"m\"\nfrom = \"hall\"\nto = "
    "\"box\"\n";

constexpr std::string_view kBad =
    "[policy]\nversion = 0\nname = \"summer\"\n[[area]]\nname = \"hall\"\nnumber = 1\n"
    "parent = \"arena\"\n";

TEST_F(PolicyCheckProgram, ShowsAGoodDocumentAndWarns) {
    const Finished done = check(kGood);
    EXPECT_EQ(done.exit_code, 0);
    EXPECT_EQ(done.err, file() + ":11: area.capacity: 0: nobody gets into \"box\" (warning)\n");
    EXPECT_EQ(done.out,
              file() + ": good: summer, version 4\n\n" +
                  "areas\n"
                  "  hall (1)                    no limit\n"
                  "    box (2)                   at most 0\n"
                  "\n"
                  "lanes\n"
                  "  l                           entry  outside to hall\n"
                  "  m                           entry  hall to box\n"
                  "\n"
                  "products\n"
                  "  (any other)                 guest\n"
                  "\n"
                  "doubts\n"
                  "  old lists                   admit when lists are older than 1440 min\n"
                  "  clock not synced            admit where times matter, else admit\n"
                  "  clock wrong                 flag where times matter, else flag\n");
}

TEST_F(PolicyCheckProgram, TellsAllMistakesByLine) {
    const Finished done = check(kBad);
    EXPECT_EQ(done.exit_code, 1);
    EXPECT_EQ(done.out, "");
    EXPECT_EQ(done.err,
              file() + ":2: policy.version: 0 is not between 1 and 9223372036854775807\n" + file() +
                  ":7: area.parent: there is no area \"arena\"; there are: outside, "
                  "hall\n");
}

TEST_F(PolicyCheckProgram, TellsItToMachines) {
    const Finished good = check(kGood, {"--json"});
    EXPECT_EQ(good.exit_code, 0);
    const auto json = nlohmann::json::parse(good.out);
    EXPECT_EQ(json["good"], true);
    EXPECT_EQ(json["file"], file());
    EXPECT_EQ(json["mistakes"].size(), 0U);
    EXPECT_EQ(json["warnings"][0]["line"], 11);
    EXPECT_EQ(json["policy"]["areas"][1]["name"], "box");
    const Finished bad = check(kBad, {"--json"});
    EXPECT_EQ(bad.exit_code, 1);
    const auto mistakes = nlohmann::json::parse(bad.out)["mistakes"];
    ASSERT_EQ(mistakes.size(), 2U);
    EXPECT_EQ(mistakes[1]["line"], 7);
    EXPECT_EQ(mistakes[1]["key"], "area.parent");
    EXPECT_FALSE(nlohmann::json::parse(bad.out).contains("policy"));
}

TEST_F(PolicyCheckProgram, TellsWhereTheSyntaxIsWrong) {
    const Finished done = check("[policy]\nversion = = 1\n");
    EXPECT_EQ(done.exit_code, 1);
    EXPECT_TRUE(done.err.starts_with(file() + ":2: ")) << done.err;
}

TEST_F(PolicyCheckProgram, SaysWhenThereIsNoFile) {
    const Finished done =
        run("stilectl", {"policy", "check", (folder_.path() / "none").native()}, folder_.path());
    EXPECT_EQ(done.exit_code, 1);
    EXPECT_EQ(done.err, "stilectl: " + (folder_.path() / "none").native() + ": no such file\n");
}

TEST_F(PolicyCheckProgram, NeedsAFile) {
    EXPECT_EQ(run("stilectl", {"policy", "check"}, folder_.path()).exit_code, 2);
    EXPECT_EQ(run("stilectl", {"policy"}, folder_.path()).exit_code, 2);
    EXPECT_EQ(run("stilectl", {"policy", "check", "a", "b"}, folder_.path()).exit_code, 2);
}

}  // namespace
}  // namespace stile::test
