// SPDX-License-Identifier: Apache-2.0
// What the site file says of the displays.
#include <gtest/gtest.h>

#include "daemon/config/site.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::config {
namespace {

Result<Site> site_with(const std::string& lane, const std::string& more = "") {
    const stile::test::TempDir folder;
    return load_site(folder.write("site.toml",
                                  "[site]\nvenue = \"arena\"\ngate = \"north-1\"\n[[lane]]\n"
                                  "name = \"a\"\n" +
                                      lane + more));
}

TEST(ConfigDisplay, IsOnLoopbackInEnglishWithoutNamesUnlessTheSiteSaysOtherwise) {
    const auto site = site_with("");
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(site->display.listen, "127.0.0.1:9470");
    EXPECT_EQ(site->display.languages, "");
    EXPECT_EQ(site->display.sound, "on");
    EXPECT_EQ(site->sockets.display_user, "stile-display");
    EXPECT_EQ(site->lane("a")->language, "en");
    EXPECT_EQ(site->lane("a")->entrance, "");
    EXPECT_EQ(site->lane("a")->greeting, "none");
}

TEST(ConfigDisplay, SpeaksALanguageALane) {
    const auto site =
        site_with("language = \"zh-Hans\"\nentrance = \"North, Block A\"\ngreeting = \"name\"\n",
                  "[display]\nsound = \"off\"\nlanguages = \"words\"\n");
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(site->lane("a")->language, "zh-Hans");
    EXPECT_EQ(site->lane("a")->entrance, "North, Block A");
    EXPECT_EQ(site->lane("a")->greeting, "name");
    EXPECT_EQ(site->display.sound, "off");
    EXPECT_TRUE(site->display.languages.starts_with("/")) << site->display.languages;
}

bool listens(const std::string& section, const std::string& address) {
    return site_with("", "[" + section + "]\nlisten = \"" + address + "\"\n").has_value();
}

TEST(ConfigDisplay, ListensOnLoopbackAndNowhereElse) {
    for (const char* good : {"127.0.0.1:9470", "[::1]:9470", "127.0.0.1:0"})
        EXPECT_TRUE(listens("display", good)) << good;
    for (const char* bad :
         {"", ":", "9470", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "[::1]",
          "0.0.0.0:9470", "192.0.2.1:9470", "[::]:9470", "127.0.0.2:80", "localhost:9470",
          "127.0.0.1:94 70", "*:9470", "::1:9470"})
        EXPECT_FALSE(listens("display", bad)) << bad;
}

TEST(ConfigMetrics, ListenAtAnAddressAndAPortOrNotAtAll) {
    for (const char* good : {"", "127.0.0.1:9464", "0.0.0.0:1", "[::1]:9464", "127.0.0.1:0"})
        EXPECT_TRUE(listens("metrics", good)) << good;
    for (const char* bad : {":", "9464", "localhost:9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x",
                            "127.0.0.1:65536", "::1:9464", "[::1]", "[]:1"})
        EXPECT_FALSE(listens("metrics", bad)) << bad;
}

TEST(ConfigDisplay, RefusesWhatItDoesNotKnow) {
    for (const char* lane : {"language = \"\"\n", "language = 1\n", "greeting = \"mail\"\n",
                             "greeting = true\n", "entrance = 3\n", "greting = \"name\"\n"})
        EXPECT_FALSE(site_with(lane)) << lane;
    for (const char* display : {"listen = \"\"\n", "sound = \"loud\"\n", "sound = false\n",
                                "languages = [\"de\"]\n", "port = 9470\n"})
        EXPECT_FALSE(site_with("", std::string{"[display]\n"} + display)) << display;
}

}  // namespace
}  // namespace stile::config
