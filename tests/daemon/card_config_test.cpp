// SPDX-License-Identifier: Apache-2.0
// What the site file says of cards.
#include <gtest/gtest.h>

#include "daemon/config/site.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::config {
namespace {

class ConfigCards : public testing::Test {
protected:
    Result<Site> load(std::string_view sections) {
        std::string text = "[site]\nvenue = \"arena\"\ngate = \"north\"\n";
        text.append(sections).append("\n[[lane]]\nname = \"a\"\n");
        return load_site(folder_.write("site.toml", text));
    }
    std::string complaint(std::string_view sections) {
        const auto site = load(sections);
        if (site) return {};
        EXPECT_EQ(site.error().code, Errc::Config);
        return site.error().context;
    }
    test::TempDir folder_;
};

TEST_F(ConfigCards, PhonesMayComeAndNumbersMayNot) {
    const auto site = load("");
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(site->cards.hce, "on");
    EXPECT_EQ(site->cards.uid, "off");
    EXPECT_EQ(site->cards.ev2_keys, "");
    EXPECT_EQ(site->cards.mf0aes_keys, "");
}

TEST_F(ConfigCards, AKeyFileIsBesideTheSiteFileOrACredential) {
    const auto site = load(
        "[cards]\nev2_keys = \"./cards.keys\"\nmf0aes_keys = \"stile.sets\"\n"
        "[platform]\nlists = [\"demo:1\"]\n");
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(site->cards.ev2_keys, (folder_.path() / "cards.keys").native());
    EXPECT_EQ(site->cards.mf0aes_keys, "stile.sets");
}

TEST_F(ConfigCards, OnlyWhatBeginsWithStileIsACredential) {
    const auto site = load(
        "[cards]\nev2_keys = \"wristbands\"\n"
        "[mqtt]\nbrokers = [\"ssl://b:8883\"]\nca_file = \"ca.pem\"\nuser = \"u\"\n"
        "password_file = \"stile.mqtt.password\"\n");
    ASSERT_TRUE(site) << site.error().context;
    EXPECT_EQ(site->cards.ev2_keys, (folder_.path() / "wristbands").native());
    EXPECT_EQ(site->mqtt.ca_file, (folder_.path() / "ca.pem").native());
    EXPECT_EQ(site->mqtt.password_file, "stile.mqtt.password");
    EXPECT_EQ(site->mqtt.key_file, "");
}

TEST_F(ConfigCards, WhatOnlyAPlatformKnowsNeedsOne) {
    EXPECT_NE(complaint("[cards]\nuid = \"on\"\n").find("cards.uid: "), std::string::npos);
    EXPECT_NE(complaint("[cards]\nmf0aes_keys = \"sets\"\n").find("cards.mf0aes_keys: "),
              std::string::npos);
    EXPECT_EQ(complaint("[cards]\nuid = \"on\"\n[platform]\nlists = [\"demo:1\"]\n"), "");
}

TEST_F(ConfigCards, OtherWordsAreMistakes) {
    EXPECT_NE(complaint("[cards]\nhce = \"yes\"\n").find("cards.hce"), std::string::npos);
    EXPECT_NE(complaint("[cards]\nuid = true\n").find("cards.uid"), std::string::npos);
    EXPECT_NE(complaint("[cards]\nev2 = \"keys\"\n").find("cards.ev2: unknown key"),
              std::string::npos);
}

}  // namespace
}  // namespace stile::config
