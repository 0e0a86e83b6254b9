// SPDX-License-Identifier: Apache-2.0
// The files of card keys, and which dialogues a card is asked for with them.
#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "daemon/cards/card_plan.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::test {
namespace {

using protocol::CardTechnology;

constexpr std::string_view kEv2 =
    "# the arena's cards\n[ev2]\napplication = D2760000850101\nkey = 2\nfile=3\n"
    "master = 00112233445566778899aabbccddeeff\r\ncontext = 3042F5537469 6C65\n";
constexpr std::string_view kFleet =
    "[ev2]\napplication = f01234\nkey = 0\nfile = 2\nmaster = 00112233445566778899aabbccddeeff\n"
    "context = 3042f55374696c655374\n";
constexpr std::string_view kSet =
    "[mf0aes]\nid = 00000001\nuid_key = 00112233445566778899aabbccddeeff\n"
    "diversification_key = ffeeddccbbaa99887766554433221100\n";

std::string spoiled(std::string_view good, std::string_view what, std::string_view with) {
    std::string text{good};
    return text.replace(text.find(what), what.size(), with);
}

class CardKeyFile : public testing::Test {
protected:
    std::string write(std::string_view text,
                      std::filesystem::perms mode = std::filesystem::perms::owner_read |
                                                    std::filesystem::perms::owner_write) {
        const auto file = folder_.write("keys", std::string{text});
        std::filesystem::permissions(file, mode);
        return file.native();
    }
    // What is said of such a file, behind its name.
    std::string complaint(std::string_view text) {
        const auto keys = load_ev2_keys(write(text), "cards.ev2_keys");
        if (keys) return {};
        EXPECT_EQ(keys.error().code, Errc::Config);
        const std::string& told = keys.error().context;
        EXPECT_TRUE(told.starts_with("cards.ev2_keys: ")) << told;
        EXPECT_EQ(told.find("00112233"), std::string::npos) << told;
        return told.substr(told.find("/keys:") + 6);
    }
    TempDir folder_;
};

TEST_F(CardKeyFile, GivesOneSetOfKeysASection) {
    const auto keys = load_ev2_keys(write(std::string{kFleet}.append(kFleet)), "k");
    ASSERT_TRUE(keys) << keys.error().context;
    ASSERT_EQ(keys->size(), 2U);
    const crypto::Ev2Keys& first = keys->front();
    EXPECT_EQ(first.application, (Buffer{0xF0, 0x12, 0x34}));
    EXPECT_EQ(first.key, 0);
    EXPECT_EQ(first.file, 2);
    EXPECT_EQ(to_hex(first.master.bytes()), "00112233445566778899aabbccddeeff");
    EXPECT_EQ(to_hex(first.context), "3042f55374696c655374");
}

TEST_F(CardKeyFile, WithoutANameThereAreNoKeys) {
    EXPECT_TRUE(load_ev2_keys("", "k")->empty());
    EXPECT_TRUE(load_mf0aes_keys("", "k")->empty());
}

TEST_F(CardKeyFile, SaysWhichLineIsWrongAndNothingOfWhatStandsThere) {
    EXPECT_EQ(complaint(kEv2), "7: context must be 9 to 24 bytes in hexadecimal");
    EXPECT_EQ(complaint(""), "1: no section [ev2]");
    EXPECT_EQ(complaint("key = 1\n"), "1: this must begin with a [section]");
    EXPECT_EQ(complaint("[ev2]\nwhat\n"), "2: neither a [section] nor key = value");
    EXPECT_EQ(complaint("\n[ev3]\n"), "2: only sections [ev2] stand here");
    EXPECT_EQ(complaint("[ev2]\nkey = 1\nkey = 1\n"), "3: this key stands in [ev2] twice");
    EXPECT_EQ(complaint("[ev2]\nkee = 1\n"), "2: an unknown key in [ev2]");
    EXPECT_EQ(complaint("[ev2]\nkey = 1\n"), "1: [ev2] has no application");
    EXPECT_EQ(complaint(spoiled(kFleet, "key = 0", "key = 14")),
              "3: key must be a number from 0 to 13");
    EXPECT_EQ(complaint(spoiled(kFleet, "key = 0", "key = 300")),
              "3: key must be a number from 0 to 13");
    EXPECT_EQ(complaint(spoiled(kFleet, "key = 0", "key = 0x1")),
              "3: key must be a number from 0 to 13");
    EXPECT_EQ(complaint(spoiled(kFleet, "key = 0", "key =")),
              "3: key must be a number from 0 to 13");
    EXPECT_EQ(complaint(spoiled(kFleet, "eeff", "eef")), "5: master must be 32 hexadecimal digits");
    EXPECT_EQ(complaint(spoiled(kFleet, "eeff", "eefg")),
              "5: master must be 32 hexadecimal digits");
    EXPECT_EQ(complaint(spoiled(kFleet, "f01234", "f0")),
              "2: application must be 3 to 16 bytes in hexadecimal");
    EXPECT_EQ(complaint(spoiled(kFleet, "f01234", "f0123456")),
              "1: application: 3 bytes, or a name of 5 to 16");
}

TEST_F(CardKeyFile, IsRefusedWhereOthersMayReadIt) {
    using std::filesystem::perms;
    const auto keys =
        load_ev2_keys(write(kFleet, perms::owner_read | perms::group_read), "cards.ev2_keys");
    ASSERT_FALSE(keys);
    EXPECT_NE(keys.error().context.find("chmod 600"), std::string::npos) << keys.error().context;
}

TEST_F(CardKeyFile, HasToBeAFileOfSomeLength) {
    const auto missing = load_ev2_keys((folder_.path() / "none").native(), "k");
    EXPECT_EQ(missing.error().code, Errc::Config);
    const auto folder = load_ev2_keys(folder_.path().native(), "k");
    EXPECT_NE(folder.error().context.find("is no file"), std::string::npos);
    const auto longest = load_ev2_keys(write(std::string(16'384, '#')), "k");
    EXPECT_NE(longest.error().context.find("too long"), std::string::npos);
}

TEST_F(CardKeyFile, MayBeACredential) {
    ::unsetenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
    const auto none = load_ev2_keys("keys", "cards.ev2_keys");
    EXPECT_NE(none.error().context.find("LoadCredential="), std::string::npos);
    ::setenv("CREDENTIALS_DIRECTORY", folder_.path().c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
    // systemd gives it to its group, too.
    (void)write(kFleet, std::filesystem::perms::owner_read | std::filesystem::perms::group_read);
    EXPECT_EQ(load_ev2_keys("keys", "cards.ev2_keys")->size(), 1U);
    ::unsetenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
}

TEST_F(CardKeyFile, HasTheKeySetsOfThePlatform) {
    const auto sets = load_mf0aes_keys(write(kSet), "k");
    ASSERT_TRUE(sets) << sets.error().context;
    EXPECT_EQ(sets->at(0).id, 1U);
    EXPECT_EQ(sets->at(0).uid_key.bytes().front(), 0x00);
    EXPECT_EQ(sets->at(0).diversification_key.bytes().front(), 0xFF);
    EXPECT_FALSE(load_mf0aes_keys(write(std::string{kSet}.append(kSet)), "k"));
    EXPECT_FALSE(load_mf0aes_keys(write(spoiled(kSet, "00000001", "00000000")), "k"));
    EXPECT_FALSE(load_mf0aes_keys(write(spoiled(kSet, "00000001", "1")), "k"));
    EXPECT_FALSE(load_mf0aes_keys(write(kFleet), "k"));
}

class Plan : public CardKeyFile {
protected:
    // The first command of each dialogue, or what it says without one.
    std::string firsts(CardTechnology technology, Media media = Media::Known,
                       Buffer uid = {0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6}) {
        const protocol::CardPresent card{.session = 1, .technology = technology, .uid = uid};
        std::string out;
        for (const CardTurn& turn : plan_for(card, site_, media, WallTime{})) {
            const auto dialogue = turn.make();
            const auto step = dialogue->begin();
            if (const auto* send = std::get_if<crypto::CardSend>(&step))
                out += to_hex(send->apdu) + "\n";
            else if (std::holds_alternative<crypto::CardFinding>(step))
                out += "found\n";
            else
                out += "fault\n";
        }
        return out;
    }
    static constexpr const char* kPhone = "00a4040009f047415445544b540100\n";
    static constexpr const char* kFile = "00a4040007d276000085010100\n";
    CardSite site_;
};

TEST_F(Plan, WhatProvesMoreComesFirst) {
    site_.keys.ev2 = load_ev2_keys(write(kFleet), "k").value();
    site_.uid = CardSite::Switch::On;
    EXPECT_EQ(firsts(CardTechnology::Type4),
              std::string{kPhone} + "905a000003f0123400\n" + kFile + "found\n");
}

TEST_F(Plan, AsksForPhonesAndCopiesByItself) {
    EXPECT_EQ(firsts(CardTechnology::Type4), std::string{kPhone} + kFile);
    EXPECT_EQ(firsts(CardTechnology::Type2), "ffb0000310\n");
    EXPECT_EQ(firsts(CardTechnology::Other), "");
}

TEST_F(Plan, ASiteMayWantNoPhones) {
    site_.hce = CardSite::Switch::Off;
    EXPECT_EQ(firsts(CardTechnology::Type4), kFile);
}

TEST_F(Plan, NumbersAndChipsOfThePlatformCountAtItsLanesOnly) {
    site_.uid = CardSite::Switch::On;
    site_.keys.mf0aes = load_mf0aes_keys(write(kSet), "k").value();
    EXPECT_EQ(firsts(CardTechnology::Type2), "ffb0000310\nff0000000160\nfound\n");
    EXPECT_EQ(firsts(CardTechnology::Type2, Media::Unknown), "ffb0000310\n");
    EXPECT_EQ(firsts(CardTechnology::Other), "found\n");
    EXPECT_EQ(firsts(CardTechnology::Other, Media::Unknown), "");
}

TEST_F(Plan, ARandomNumberIsNone) {
    site_.uid = CardSite::Switch::On;
    EXPECT_EQ(firsts(CardTechnology::Other, Media::Known, {0x08, 1, 2, 3}), "fault\n");
}

TEST_F(Plan, EachPhoneGetsANonceOfItsOwn) {
    const protocol::CardPresent card{.session = 1, .technology = CardTechnology::Type4};
    const auto challenge = [&] {
        const auto dialogue = plan_for(card, site_, Media::Unknown, WallTime{})[0].make();
        (void)dialogue->begin();
        const auto step = dialogue->take(Buffer{0x01, 0x00, 0x90, 0x00});
        return to_hex(std::get<crypto::CardSend>(step).apdu);
    };
    const std::string first = challenge();
    EXPECT_TRUE(first.starts_with("801000001c"));
    EXPECT_NE(first, challenge());
}

}  // namespace
}  // namespace stile::test
