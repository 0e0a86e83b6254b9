// SPDX-License-Identifier: Apache-2.0
// The lists of the platform in the site file.
#include <gtest/gtest.h>

#include "daemon/config/site.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::config {
namespace {

class ConfigPlatform : public testing::Test {
protected:
    Result<Site> load(std::string_view platform, std::string_view lane = "") {
        std::string text = "[site]\nvenue = \"arena\"\ngate = \"north\"\n";
        text.append(platform).append("\n[[lane]]\nname = \"a\"\n").append(lane);
        return load_site(folder_.write("site.toml", text));
    }
    std::string complaint(std::string_view platform, std::string_view lane = "") {
        const auto site = load(platform, lane);
        if (site) return {};
        EXPECT_EQ(site.error().code, Errc::Config);
        const std::string& text = site.error().context;
        return text.substr(text.find("site.toml: ") + 11);
    }
    test::TempDir folder_;
};

TEST_F(ConfigPlatform, AsksNothingByItself) {
    const auto site = load("");
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_TRUE(site->platform.lists.empty());
    EXPECT_TRUE(site->lanes[0].lists.empty());
    EXPECT_EQ(site->platform.questions, "skip");
    EXPECT_EQ(site->platform.unpaid, "refuse");
    EXPECT_EQ(site->platform.keys, "pinned");
    EXPECT_EQ(site->paths.policy, "");
}

TEST_F(ConfigPlatform, KeepsTheOrderOfLists) {
    const auto site = load("[platform]\nlists = [\"demo2:7\", \"demo:1\"]\ngate = 12\n",
                           "lists = [\"demo:2\"]\n");
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(site->platform.lists, (std::vector<std::string>{"demo2:7", "demo:1"}));
    EXPECT_EQ(site->platform.gate, 12);
    EXPECT_EQ(site->lanes[0].lists, std::vector<std::string>{"demo:2"});
}

TEST_F(ConfigPlatform, APolicyIsLookedForBesideTheFile) {
    const auto site = load("[paths]\npolicy = \"policy.toml\"\n");
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(site->paths.policy, (folder_.path() / "policy.toml").native());
}

TEST_F(ConfigPlatform, AListIsAnEventAndANumber) {
    for (const char* text : {"demo", "demo:", ":1", "demo:0", "demo:-1", "demo:1x", "demo:1 ", "",
                             "demo:99999999999999999999"}) {
        EXPECT_EQ(complaint("[platform]\nlists = [\"" + std::string{text} + "\"]\n"),
                  "platform.lists: \"" + std::string{text} +
                      "\" is not an event and the number of its list, like \"summer:3\"");
        EXPECT_FALSE(list_name(text));
    }
    EXPECT_EQ(list_name("a:b:3"), (ListName{"a:b", 3}));
}

TEST_F(ConfigPlatform, AnEventHasOneListAtALane) {
    const std::string why = ": event demo has two lists here; a lane asks one of them";
    EXPECT_EQ(complaint("[platform]\nlists = [\"demo:1\", \"demo:2\"]\n"), "platform.lists" + why);
    EXPECT_EQ(complaint("", "lists = [\"demo:1\", \"demo:1\"]\n"), "lane.lists" + why);
    EXPECT_EQ(complaint("[platform]\nlists = [\"demo:1\"]\n", "lists = [\"demo:2\"]\n"), "");
}

TEST_F(ConfigPlatform, OtherWordsAreMistakes) {
    for (const char* line : {"questions = \"maybe\"", "unpaid = \"accept\"", "keys = \"any\"",
                             "gate = -1", "list = []"})
        EXPECT_FALSE(load("[platform]\n" + std::string{line} + "\n")) << line;
}

}  // namespace
}  // namespace stile::config
