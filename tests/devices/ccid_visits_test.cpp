// SPDX-License-Identifier: Apache-2.0
// What stiled hears of cards, and what becomes of its commands.
#include "devices/reader/card_health.hpp"
#include "tests/devices/ccid_visits_bench.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using protocol::CardAnswer;
using protocol::CardGone;
using protocol::CardPresent;
using protocol::CardStatus;
using protocol::CardTechnology;

TEST_F(CardVisitsAtAReader, TellOfACardWithItsNumberAndKind) {
    put(ntag());
    ASSERT_EQ(presented(), 1U);
    const auto present = heard<CardPresent>()[0];
    EXPECT_EQ(present.session, 1U);
    EXPECT_EQ(present.technology, CardTechnology::Type2);
    EXPECT_EQ(to_hex(present.atr), "3b8f8001804f0ca0000003060300030000000068");
    EXPECT_EQ(to_hex(present.uid), "041689aa5c5e80");
}

TEST_F(CardVisitsAtAReader, TellOfAPhone) {
    put(phone());
    ASSERT_EQ(presented(), 1U);
    EXPECT_EQ(heard<CardPresent>()[0].technology, CardTechnology::Type4);
    EXPECT_EQ(to_hex(heard<CardPresent>()[0].uid), "08a1b2c3");
}

TEST_F(CardVisitsAtAReader, TellOfACardWhoseNumberCannotBeRead) {
    for (const char* answer : {"6A81", "9000", "01029000", "0102030405069000"}) {
        told_.clear();
        FakeCard card = phone();
        card.answer = [answer](Bytes) { return hex(answer); };
        put(card);
        ASSERT_EQ(presented(), 1U) << answer;
        EXPECT_TRUE(heard<CardPresent>()[0].uid.empty());
        take_away();
    }
}

TEST_F(CardVisitsAtAReader, TellOfACardOnceHoweverLongItLies) {
    put(ntag());
    time_.pass(1min);
    EXPECT_EQ(presented(), 1U);
    EXPECT_TRUE(heard<CardGone>().empty());
}

TEST_F(CardVisitsAtAReader, PassCommandsToTheCard) {
    FakeCard card = ntag();
    card.answer = [](Bytes apdu) {
        return apdu[1] == 0xCA ? hex("04112233445566809000") : hex("E1109000");
    };
    put(card);
    command(1, 7, "FFB0000310");
    time_.pass(10ms);
    ASSERT_EQ(heard<CardAnswer>().size(), 1U);
    const auto answer = heard<CardAnswer>()[0];
    EXPECT_EQ(answer.session, 1U);
    EXPECT_EQ(answer.sequence, 7U);
    EXPECT_EQ(answer.status, CardStatus::Ok);
    EXPECT_EQ(to_hex(answer.answer), "e1109000");
}

TEST_F(CardVisitsAtAReader, PassNoCommandThatIsNotOnTheList) {
    put(ntag());
    const auto before = device_.count(CcidRequest::Transfer);
    for (const char* apdu : {"FFD6000404DEADBEEF", "00D60000000003AABBCC", "FF00400D0400000000",
                             "FF00520000", "FF00000002D402", "E00000290102", "00", "FFCA0000"}) {
        command(1, 1, apdu);
        time_.pass(10ms);
        EXPECT_EQ(last_status(), CardStatus::Refused) << apdu;
    }
    EXPECT_EQ(device_.count(CcidRequest::Transfer), before);
}

TEST_F(CardVisitsAtAReader, RefuseASecondCommandBeforeTheAnswer) {
    put(ntag());
    command(1, 1, "FFB0000310");
    command(1, 2, "FFB0000410");
    EXPECT_EQ(last_status(), CardStatus::Refused);
    EXPECT_EQ(heard<CardAnswer>()[0].sequence, 2U);
    time_.pass(10ms);
    EXPECT_EQ(heard<CardAnswer>()[1].sequence, 1U);
}

TEST_F(CardVisitsAtAReader, AnswerGoneToCommandsForOtherSessions) {
    put(ntag());
    for (const std::uint32_t session : {0U, 2U, 99U}) {
        command(session, 1, "FFB0000310");
        EXPECT_EQ(last_status(), CardStatus::Gone);
    }
    take_away();
    command(1, 1, "FFB0000310");
    EXPECT_EQ(last_status(), CardStatus::Gone);
}

TEST_F(CardVisitsAtAReader, TellAtOnceThatACardWasTornAway) {
    put(ntag());
    device_.meddle = [](const Buffer& command) { return command[0] == 0x6F; };
    command(1, 1, "FFB0000310");
    time_.pass(5ms);
    take_away(3ms);
    ASSERT_EQ(heard<CardAnswer>().size(), 1U);
    EXPECT_EQ(last_status(), CardStatus::Gone);
    ASSERT_EQ(heard<CardGone>().size(), 1U);
    EXPECT_EQ(heard<CardGone>()[0].session, 1U);
}

TEST_F(CardVisitsAtAReader, TellThatACardTookTooLong) {
    put(ntag());
    device_.meddle = [](const Buffer& command) { return command[0] == 0x6F; };
    command(1, 1, "FFB0000310", 200);
    time_.pass(250ms);
    EXPECT_EQ(last_status(), CardStatus::Timeout);
    EXPECT_EQ(heard<CardGone>().size(), 1U);
}

TEST_F(CardVisitsAtAReader, TellThatTheReaderCannotSendACommand) {
    put(ntag());
    device_.meddle = [this](const Buffer& command) {
        if (command[0] != 0x6F) return false;
        device_.reply(CcidReply::DataBlock, command, {}, 0x07, CcidOutcome::Failed);
        return true;
    };
    command(1, 1, "FFB0000310");
    time_.pass(10ms);
    EXPECT_EQ(last_status(), CardStatus::Failed);
    EXPECT_TRUE(heard<CardGone>().empty());
}

TEST(CardHealths, NameTheTrouble) {
    CardHealth health;
    EXPECT_EQ(health.state(), protocol::ReaderState::Starting);
    EXPECT_TRUE(health.is(CardTroubleName::Unplugged, "it was pulled out"));
    EXPECT_FALSE(health.is(CardTroubleName::Unplugged, "it was pulled out"));
    EXPECT_EQ(health.take({}).detail, "unplugged: it was pulled out");
    EXPECT_EQ(health.take({}).state, protocol::ReaderState::Failed);
    EXPECT_TRUE(health.is(CardTroubleName::Wedged, "it does not answer in time"));
    EXPECT_EQ(health.take({}).state, protocol::ReaderState::Degraded);
    EXPECT_TRUE(health.is(CardTroubleName::None, ""));
    EXPECT_EQ(health.take({.commands = 3}).frames, 3U);
    health.note("the firmware is old");
    EXPECT_EQ(health.take({}).detail, "the firmware is old");
}

TEST(CardHealths, FitTheMessage) {
    CardHealth health;
    (void)health.is(CardTroubleName::Unusable, std::string(500, 'x'));
    EXPECT_EQ(health.take({}).detail.size(), 200U);
}

}  // namespace
}  // namespace stile::devices
