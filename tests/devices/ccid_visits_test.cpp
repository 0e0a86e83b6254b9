// SPDX-License-Identifier: Apache-2.0
// What stiled hears of cards, and what becomes of its commands and answers: the driver, the visits
// and a reader made of bytes.
#include <memory>

#include <gtest/gtest.h>

#include "devices/reader/card_health.hpp"
#include "devices/reader/card_visits.hpp"
#include "tests/devices/ccid_fake.hpp"

namespace stile::devices {
namespace {

using namespace testing;
using protocol::CardAnswer;
using protocol::CardGone;
using protocol::CardPresent;
using protocol::CardStatus;
using protocol::CardTechnology;
using protocol::Outcome;

constexpr FakeCcid::Kind kWithLamp{.vendor = 0x072F, .product = 0x223B};
constexpr auto kDark = "e00000290100";
constexpr auto kGreen = "e00000290102";
constexpr auto kRed = "e00000290101";
constexpr auto kOrange = "e00000290103";

class CardVisitsAtAReader : public ::testing::Test {
protected:
    CardVisitsAtAReader() : device_{time_, kWithLamp}, alarm_{time_} {
        visits_ = std::make_unique<CardVisits>(ports(), alarm_, 1s);
        alarm_.on_alarm = [this] { visits_->on_alarm(); };
        time_.on_alarm = [this] { reader_->on_alarm(); };
        reader_ = CcidReader::open(device_.plug(), time_,
                                   {.on_card = [this](Bytes atr) { visits_->on_card(atr); },
                                    .on_gone = [this] { visits_->on_gone(); },
                                    .on_condition =
                                        [this] {
                                            if (reader_->condition() == CcidCondition::Working)
                                                visits_->on_ready();
                                        }})
                      .value();
        reader_->start();
        time_.pass(100ms);
        connect();
    }
    CardVisits::Ports ports() {
        return {
            .up = [this] { return up_; },
            .next_number = [this] { return ++number_; },
            .send =
                [this](const protocol::Message& message) {
                    if (up_) told_.push_back(message);
                    return up_;
                },
            .transmit =
                [this](Bytes apdu, std::chrono::milliseconds budget, CcidReader::OnAnswer done) {
                    reader_->transmit(apdu, budget, std::move(done));
                },
            .restart_card = [this] { reader_->restart_card(); },
            .show = [this](Signal signal) { reader_->show(signal); }};
    }
    void connect() {
        up_ = true;
        number_ = 0;
        visits_->on_up();
        time_.pass(20ms);
    }
    void disconnect() {
        up_ = false;
        visits_->on_down();
        time_.pass(20ms);
    }
    void put(FakeCard card) {
        device_.insert(std::move(card));
        time_.pass(20ms);
    }
    void take_away(FakeTime::Time for_how_long = 5s) {
        device_.remove();
        time_.pass(for_how_long);
    }
    void command(std::uint32_t session, std::uint16_t sequence, std::string_view apdu,
                 std::uint16_t budget_ms = 1500) {
        visits_->on_message(protocol::CardCommand{session, sequence, budget_ms, hex(apdu)});
    }
    void feedback(std::uint64_t session, Outcome outcome) {
        visits_->on_message(protocol::Feedback{.scan = session, .outcome = outcome});
        time_.pass(20ms);
    }
    template <class Message>
    [[nodiscard]] std::vector<Message> heard() const {
        std::vector<Message> all;
        for (const auto& message : told_)
            if (const auto* one = std::get_if<Message>(&message)) all.push_back(*one);
        return all;
    }
    [[nodiscard]] std::size_t presented() const { return heard<CardPresent>().size(); }
    [[nodiscard]] CardStatus last_status() const { return heard<CardAnswer>().back().status; }
    // The lamp's last word.
    [[nodiscard]] std::string lamp() const {
        for (auto one = device_.sent().rbegin(); one != device_.sent().rend(); ++one)
            if (one->starts_with("6b") && one->substr(20).starts_with("e0000029"))
                return one->substr(20);
        return "";
    }

    FakeTime time_;
    FakeCcid device_;
    FakeAlarm alarm_;
    std::unique_ptr<CardVisits> visits_;
    std::unique_ptr<CcidReader> reader_;
    std::vector<protocol::Message> told_;
    bool up_ = false;
    std::uint64_t number_ = 0;
};

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

TEST_F(CardVisitsAtAReader, TakeAFlickerAfterTheAnswerForTheSameVisit) {
    put(ntag());
    feedback(1, Outcome::Admit);
    for (int i = 0; i < 5; ++i) {
        take_away(300ms);
        put(ntag());
        time_.pass(300ms);
    }
    EXPECT_EQ(presented(), 1U);
    take_away(1100ms);
    put(ntag());
    EXPECT_EQ(presented(), 2U);
    EXPECT_EQ(heard<CardPresent>()[1].session, 2U);
}

TEST_F(CardVisitsAtAReader, TakeACardThatLayThereLongForTheSameVisit) {
    put(ntag());
    feedback(1, Outcome::Refuse);
    time_.pass(1min);
    take_away(500ms);
    put(ntag());
    EXPECT_EQ(presented(), 1U);
}

TEST_F(CardVisitsAtAReader, ReadACardAgainThatWasTornAwayBeforeItsAnswer) {
    put(ntag());
    take_away(100ms);
    put(ntag());
    ASSERT_EQ(presented(), 2U);
    EXPECT_EQ(heard<CardPresent>()[1].session, 2U);
}

TEST_F(CardVisitsAtAReader, RememberAnAnswerThatComesAfterTheCardHasGone) {
    put(ntag());
    take_away(100ms);
    feedback(1, Outcome::Admit);
    EXPECT_EQ(lamp(), kGreen);
    put(ntag());
    EXPECT_EQ(presented(), 1U);
}

TEST_F(CardVisitsAtAReader, TakeNoTwoPhonesForOne) {
    put(phone());
    feedback(1, Outcome::Admit);
    take_away(100ms);
    put(phone());  // the next guest's, with the same made-up number by chance
    EXPECT_EQ(presented(), 2U);
}

TEST_F(CardVisitsAtAReader, ReadTheNextCardAtOnce) {
    put(ntag());
    feedback(1, Outcome::Admit);
    take_away(10ms);
    FakeCard other = ntag();
    other.answer = [](Bytes) { return hex("049988776655449000"); };
    put(other);
    EXPECT_EQ(presented(), 2U);
}

TEST_F(CardVisitsAtAReader, PresentACardAnewAfterWait) {
    put(ntag());
    feedback(1, Outcome::Wait);
    EXPECT_EQ(lamp(), kOrange);
    EXPECT_EQ(presented(), 1U);
    time_.pass(600ms);
    ASSERT_EQ(presented(), 2U);
    EXPECT_EQ(heard<CardPresent>()[1].session, 2U);
    ASSERT_EQ(heard<CardGone>().size(), 1U);
    EXPECT_EQ(heard<CardGone>()[0].session, 1U);
    feedback(2, Outcome::Admit);
    EXPECT_EQ(lamp(), kGreen);
    time_.pass(10s);
    EXPECT_EQ(presented(), 2U);
}

TEST_F(CardVisitsAtAReader, ForgetWaitWhenTheCardHasGone) {
    put(ntag());
    feedback(1, Outcome::Wait);
    take_away(10s);
    EXPECT_EQ(presented(), 1U);
}

TEST_F(CardVisitsAtAReader, ShowTheAnswerForTwoSeconds) {
    put(ntag());
    feedback(1, Outcome::Refuse);
    EXPECT_EQ(lamp(), kRed);
    time_.pass(1900ms);
    EXPECT_EQ(lamp(), kRed);
    time_.pass(200ms);
    EXPECT_EQ(lamp(), kDark);
}

TEST_F(CardVisitsAtAReader, ShowNothingForTheTicketThatWasJustAdmitted) {
    put(ntag());
    const auto before = device_.count(CcidRequest::Escape);
    feedback(1, Outcome::Same);
    EXPECT_EQ(device_.count(CcidRequest::Escape), before);
    EXPECT_EQ(presented(), 1U);
}

TEST_F(CardVisitsAtAReader, ShowNothingForAnswersToNobody) {
    put(ntag());
    const auto before = device_.count(CcidRequest::Escape);
    feedback(2, Outcome::Admit);
    feedback(0, Outcome::Admit);
    feedback(1ULL << 32U | 1U, Outcome::Admit);
    EXPECT_EQ(device_.count(CcidRequest::Escape), before);
    feedback(1, Outcome::Refuse);
    feedback(1, Outcome::Admit);  // there is one answer
    EXPECT_EQ(lamp(), kRed);
}

TEST_F(CardVisitsAtAReader, IgnoreCardsAndShowRedWithoutADaemon) {
    disconnect();
    EXPECT_EQ(lamp(), kRed);
    put(ntag());
    time_.pass(10s);
    EXPECT_EQ(presented(), 0U);
    EXPECT_EQ(lamp(), kRed);
    EXPECT_EQ(visits_->take_counts().dropped, 1U);
}

TEST_F(CardVisitsAtAReader, PresentACardThatLiesThereWhenTheDaemonIsBack) {
    disconnect();
    put(ntag());
    connect();
    EXPECT_EQ(lamp(), kDark);
    time_.pass(20ms);
    ASSERT_EQ(presented(), 1U);
    EXPECT_EQ(heard<CardPresent>()[0].session, 1U);
}

TEST_F(CardVisitsAtAReader, DoNotPresentAnAnsweredCardToTheNextDaemon) {
    put(ntag());
    feedback(1, Outcome::Admit);
    disconnect();
    connect();
    time_.pass(1s);
    EXPECT_EQ(presented(), 1U);
}

// Numbers begin anew: an answer of before would belong to somebody else.
TEST_F(CardVisitsAtAReader, AnswerNothingOfTheLastConnection) {
    put(ntag());
    device_.meddle = [](const Buffer& command) { return command[0] == 0x6F; };
    command(1, 1, "FFB0000310");
    time_.pass(5ms);
    disconnect();
    connect();
    device_.meddle = {};
    time_.pass(5s);
    EXPECT_TRUE(heard<CardAnswer>().empty());
    EXPECT_TRUE(heard<CardGone>().empty());
}

TEST_F(CardVisitsAtAReader, PassFewOfManyCardsOn) {
    for (int i = 0; i < 200; ++i) {
        device_.insert(phone());
        time_.pass(5ms);
        device_.remove();
        time_.pass(5ms);
    }
    EXPECT_GE(presented(), 20U);
    EXPECT_LE(presented(), 20U + 10U * 2U + 1U);
    EXPECT_GT(visits_->take_counts().dropped, 100U);
}

TEST_F(CardVisitsAtAReader, AreSummedUpForHealth) {
    put(ntag());
    for (std::uint16_t i = 0; i < 3; ++i) {
        command(1, i, "FFB0000310");
        time_.pass(10ms);
    }
    const auto counts = visits_->take_counts();
    EXPECT_EQ(counts.cards, 1U);
    EXPECT_EQ(counts.commands, 3U);
    EXPECT_EQ(counts.command_us, 1000U);  // two transfers of the fake
    EXPECT_EQ(visits_->take_counts().cards, 0U);
}

TEST_F(CardVisitsAtAReader, EndWithTheReader) {
    put(ntag());
    device_.unplug();
    ASSERT_EQ(heard<CardGone>().size(), 1U);
    command(1, 1, "FFB0000310");
    EXPECT_EQ(last_status(), CardStatus::Gone);
    feedback(1, Outcome::Admit);
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
