// SPDX-License-Identifier: Apache-2.0
// Transcripts without a program and without a front end: what their lines do, and which are
// refused.
#include <sstream>

#include <gtest/gtest.h>

#include "tests/emulator/script/player.hpp"
#include "tests/support/temp_dir.hpp"

namespace stile::emulator {
namespace {

class NoBus final : public Bus {
public:
    Result<void> plug(UsbDevice&, const std::string&) override { return {}; }
    void unplug(UsbDevice&) override {}
    void stir(UsbDevice&) override {}
    void pull_after(UsbDevice&, unsigned) override {}
    [[nodiscard]] bool is_pulled(const UsbDevice&) const override { return false; }
    Result<void> hold(UsbDevice&) override { return {}; }
    void let_go(UsbDevice&) override {}
};

class Transcript : public ::testing::Test {
protected:
    // Nothing: every line held.
    std::optional<Errc> play(const std::string& lines) {
        char* no_words[] = {nullptr};
        Program program{table_, no_words};
        Player player{table_, bus_, program, temp_.path()};
        std::istringstream in{lines};
        const auto played = player.play(in);
        if (played) return std::nullopt;
        context_ = played.error().context;
        return played.error().code;
    }
    test::TempDir temp_;
    Table table_;
    NoBus bus_;
    std::string context_;
    const std::string reader_ = "plug acr122u as r1 at 1-1\n";
};

TEST_F(Transcript, RefusesLinesThatMeanNothing) {
    for (const char* line :
         {"dance", "plug", "plug acr122u", "plug acr999 as r1 at 1-1", "unplug r1",
          "plug acr122u as r1 at 1-1 with wings", "plug acr122u as r1 at 1-1 too much",
          "plug keyboard-scanner as s1 at 1-1 layout xx", "scan r1 \"A", "scan r1 \"\\q\"",
          "wait r1 claimed", "wait exit soon", "start", "start now", "expect", "say"})
        EXPECT_EQ(play(line), Errc::Invalid) << line;
}

TEST_F(Transcript, RefusesWhatADeviceCannotDo) {
    temp_.write("no-ticket", "GT1:%%%");
    for (const char* line :
         {"scan r1 \"A\"", "card r1 ace-of-spades", "card r1 ntag213 ticket:gone",
          "card r1 ntag213 ticket:.", "card r1 ntag213 ticket:no-ticket", "card r1 ntag213 red",
          "card r1 ntag213 colour:red", "card r1 ntag213 uid:xyz", "card r1 phone habit:rude",
          "card r1 phone ticket:no-ticket key:no-ticket", "misbehave r1 rudely",
          "misbehave r1 silent in church", "misbehave r1 silent 3", "unplug r1 after lunch",
          "remove r1 after 2", "card r1 again", "plug acr122u as r2 at 1-1"})
        EXPECT_EQ(play(reader_ + line), Errc::Invalid) << line;
}

TEST_F(Transcript, NamesTheLineAndWhatIsWrongWithIt) {
    EXPECT_EQ(play("# a comment\n\n" + reader_ + "unplug r2\n"), Errc::Invalid);
    EXPECT_EQ(context_, "line 4: unplug r2: no device is called \"r2\"");
}

TEST_F(Transcript, KnowsWhatDidAndWhatDidNotHappen) {
    const std::string card = reader_ + "card r1 ntag213\n";
    EXPECT_EQ(play(card + "expect r1 card in"), std::nullopt);
    EXPECT_EQ(play(card + "expect r1 no card in"), Errc::Timeout);
    EXPECT_EQ(play(card + "expect r1 no card out"), std::nullopt);
    EXPECT_EQ(play(card + "expect r1 card out"), Errc::Timeout);
}

TEST_F(Transcript, GoesByEachEventOnce) {
    const std::string twice = reader_ + "card r1 ntag213\ncard r1 ntag213\n";
    EXPECT_EQ(play(twice + "wait r1 card in\nwait r1 card in"), std::nullopt);
    EXPECT_EQ(play(twice + "wait r1 card in\nwait r1 card in\nwait r1 card in within 1 ms"),
              Errc::Timeout);
    EXPECT_EQ(play(twice + "forget r1\nwait r1 card in within 1 ms"), Errc::Timeout);
    EXPECT_EQ(play(twice + "forget r1\nexpect r1 no card in"), std::nullopt);
    EXPECT_EQ(play(twice + "forget r1\nexpect r1 card in"), Errc::Timeout);
}

TEST_F(Transcript, BringsACardOnceMore) {
    EXPECT_EQ(play(reader_ + "card r1 ntag213\nremove r1\ncard r1 again\n"
                             "wait r1 card out\nwait r1 card in within 1 ms"),
              std::nullopt);
}

TEST_F(Transcript, ForgetsADeviceThatIsPluggedInAnew) {
    EXPECT_EQ(play(reader_ + "card r1 ntag213\n" + reader_ + "expect r1 card in"), Errc::Timeout);
}

TEST(Words, AreWhatStandsBetweenBlanks) {
    const auto words = words_of("  scan\ts1 \"a \\\"b\\\" \\\\\\n\\x1d\" # all of it\r");
    ASSERT_TRUE(words);
    EXPECT_EQ(*words, (std::deque<std::string>{"scan", "s1", "a \"b\" \\\n\x1d"}));
    EXPECT_TRUE(words_of("")->empty());
    EXPECT_FALSE(words_of("\"\\x1\""));
}

}  // namespace
}  // namespace stile::emulator
