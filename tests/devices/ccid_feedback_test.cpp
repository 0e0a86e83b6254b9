// SPDX-License-Identifier: Apache-2.0
// What becomes of stiled's answers: visits that are over, cards that come again, and the lamp.
#include "tests/devices/ccid_visits_bench.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using protocol::CardAnswer;
using protocol::CardGone;
using protocol::CardPresent;
using protocol::Outcome;

constexpr auto kDark = "e00000290100";
constexpr auto kGreen = "e00000290102";
constexpr auto kRed = "e00000290101";
constexpr auto kOrange = "e00000290103";

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
    feedback(1, Outcome::Refuse, Reason::CardTorn);  // as stiled answers CardGone
    EXPECT_EQ(lamp(), kRed);
    put(ntag());
    ASSERT_EQ(presented(), 2U);
    EXPECT_EQ(heard<CardPresent>()[1].session, 2U);
    time_.pass(10s);
    EXPECT_EQ(presented(), 2U);
}

TEST_F(CardVisitsAtAReader, ReadACardAnewThatStiledTakesForTornAndLiesThere) {
    put(ntag());
    feedback(1, Outcome::Refuse, Reason::CardTorn);
    EXPECT_EQ(lamp(), kRed);
    time_.pass(600ms);
    ASSERT_EQ(presented(), 2U);
    feedback(2, Outcome::Admit);
    EXPECT_EQ(lamp(), kGreen);
    time_.pass(10s);
    EXPECT_EQ(presented(), 2U);
}

TEST_F(CardVisitsAtAReader, LeaveTheNextVisitAloneWhenTheLastOneWasTorn) {
    put(ntag());
    take_away(100ms);
    put(ntag());
    feedback(1, Outcome::Refuse, Reason::CardTorn);
    time_.pass(10s);
    EXPECT_EQ(presented(), 2U);
    EXPECT_EQ(heard<CardGone>().size(), 1U);
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

TEST_F(CardVisitsAtAReader, DoNotTearACardThatIsPutBackAfterWait) {
    put(ntag());
    feedback(1, Outcome::Wait);
    take_away(100ms);
    put(ntag());
    time_.pass(1s);
    EXPECT_EQ(presented(), 2U);
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
    EXPECT_EQ(last_status(), protocol::CardStatus::Gone);
    feedback(1, Outcome::Admit);
}

}  // namespace
}  // namespace stile::devices
