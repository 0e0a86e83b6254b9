// SPDX-License-Identifier: Apache-2.0
// The desk of one reader's cards, with dialogues that a test has written down.
#include "daemon/cards/card_desk.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace stile::test {
namespace {

using namespace std::chrono_literals;
using crypto::CardCopy;
using crypto::CardFault;
using crypto::CardFinding;
using crypto::CardSend;
using crypto::CardStep;
using protocol::CardStatus;
using Keys = CardTurn::Keys;
using Script = std::vector<CardStep>;

CardStep found(std::uint8_t what) {
    return CardFinding{CardCopy{{what}}};
}

// Takes one step after the other; the last one again and again.
class Scripted final : public crypto::CardDialogue {
public:
    Scripted(Script script, std::vector<Buffer>& heard)
        : script_{std::move(script)}, heard_{heard} {}
    [[nodiscard]] CardStep begin() override { return script_.front(); }
    [[nodiscard]] CardStep take(Bytes answer) override {
        heard_.emplace_back(answer.begin(), answer.end());
        if (at_ + 1 < script_.size()) ++at_;
        return script_[at_];
    }

private:
    Script script_;
    std::vector<Buffer>& heard_;
    std::size_t at_ = 0;
};

const CardStep kAsk = CardSend{{0x00, 0xB0, 0x00, 0x00, 0x0F}};

class Desk : public testing::Test {
protected:
    CardDesk::Parts parts(CardDesk::Limits limits = {}) {
        return {.loop = loop_,
                .plan = [this](const protocol::CardPresent&) { return plan(); },
                .send = [this](const protocol::Message& message) { take(message); },
                .on_card = [this](SeenCard seen) { seen_.push_back(std::move(seen)); },
                .on_silence = [this] { ++silences_; },
                .limits = limits};
    }
    CardPlan plan() {
        ++plans_;
        CardPlan plan;
        for (const auto& [keys, script] : scripts_) {
            plan.push_back({keys, [this, script] {
                                ++begun_;
                                return std::make_unique<Scripted>(script, heard_);
                            }});
        }
        return plan;
    }
    void take(const protocol::Message& message) {
        if (const auto* command = std::get_if<protocol::CardCommand>(&message))
            commands_.push_back(*command);
        if (const auto* told = std::get_if<protocol::Feedback>(&message)) told_.push_back(*told);
        if (resets_) desk_.reset();
    }
    void present(std::uint32_t session, Buffer uid = {4, 1, 2, 3}) {
        EXPECT_TRUE(desk_.take(protocol::CardPresent{.session = session,
                                                     .technology = protocol::CardTechnology::Type4,
                                                     .atr = {0x3B},
                                                     .uid = std::move(uid)}));
    }
    // To the newest command.
    void answer(CardStatus status = CardStatus::Ok, Buffer bytes = {0x90, 0x00}) {
        ASSERT_FALSE(commands_.empty());
        desk_.take(protocol::CardAnswer{.session = commands_.back().session,
                                        .sequence = commands_.back().sequence,
                                        .status = status,
                                        .answer = std::move(bytes)});
    }
    std::string last() const {
        if (seen_.empty()) return "nothing";
        if (const auto* why = std::get_if<Reason>(&seen_.back().outcome))
            return std::string{text_of(*why).code};
        const auto& finding = std::get<CardFinding>(seen_.back().outcome);
        return "copy " + std::to_string(std::get<CardCopy>(finding).content.front());
    }
    void run_until(const std::function<bool()>& done) {
        const EventSource look = loop_.every(1ms, [&] {
            if (done()) loop_.stop(0);
        });
        loop_.run();
    }

    EventLoop loop_;
    std::vector<std::pair<Keys, Script>> scripts_;
    std::vector<protocol::CardCommand> commands_;
    std::vector<protocol::Feedback> told_;
    std::vector<SeenCard> seen_;
    std::vector<Buffer> heard_;
    int plans_ = 0;
    int begun_ = 0;
    int silences_ = 0;
    bool resets_ = false;
    CardDesk desk_{parts()};
};

TEST_F(Desk, AsksOneDialogueAfterTheOtherUntilOneFindsSomething) {
    scripts_ = {{Keys::None, {kAsk, CardFault::NotThis}},
                {Keys::None, {kAsk, kAsk, found(7)}},
                {Keys::None, {kAsk}}};
    present(5);
    answer();
    answer();
    answer(CardStatus::Ok, {1, 2, 3, 0x90, 0x00});
    EXPECT_EQ(last(), "copy 7");
    EXPECT_EQ(seen_[0].session, 5U);
    EXPECT_EQ(begun_, 2) << "the third was not needed";
    EXPECT_EQ(heard_.back(), (Buffer{1, 2, 3, 0x90, 0x00}));
}

TEST_F(Desk, CommandsBearTheirSessionANumberAndABudget) {
    scripts_ = {{Keys::None, {kAsk, kAsk, CardFault::Empty}}};
    present(9);
    answer();
    ASSERT_EQ(commands_.size(), 2U);
    EXPECT_EQ(commands_[0].session, 9U);
    EXPECT_EQ(commands_[0].sequence, 1);
    EXPECT_EQ(commands_[1].sequence, 2);
    EXPECT_EQ(commands_[0].apdu, std::get<CardSend>(kAsk).apdu);
    EXPECT_EQ(commands_[0].budget_ms, 1500);
}

TEST_F(Desk, AFindingThatNeedsNoCommandIsOne) {
    scripts_ = {{Keys::None, {found(1)}}};
    present(1);
    EXPECT_EQ(last(), "copy 1");
    EXPECT_TRUE(commands_.empty());
}

TEST_F(Desk, OfSeveralFaultsTheMostTellingOneIsTold) {
    const std::vector<std::pair<std::vector<CardFault>, const char*>> cases{
        {{}, "CARD_EMPTY"},
        {{CardFault::NotThis, CardFault::NotThis}, "CARD_EMPTY"},
        {{CardFault::NotThis, CardFault::Empty}, "CARD_EMPTY"},
        {{CardFault::Malformed, CardFault::NotThis}, "CARD_UNREADABLE"},
        {{CardFault::Unsupported, CardFault::Empty}, "CARD_UNREADABLE"},
        {{CardFault::Empty, CardFault::RandomId}, "CARD_RANDOM_ID"},
        {{CardFault::WrongKey, CardFault::Empty}, "CARD_KEY"},
        {{CardFault::Delay}, "CARD_DELAY"},
        {{CardFault::NotThis, CardFault::Locked}, "CARD_LOCKED"}};
    std::uint32_t session = 0;
    for (const auto& [faults, reason] : cases) {
        scripts_.clear();
        for (const CardFault fault : faults)
            scripts_.push_back({Keys::None, {fault}});
        ++session;
        present(session, {4, 1, 2, static_cast<std::uint8_t>(session)});
        EXPECT_EQ(last(), reason);
    }
}

TEST_F(Desk, AfterAProofThatFoundNothingNoOtherKeyIsTried) {
    for (const CardFault fault :
         {CardFault::WrongKey, CardFault::Empty, CardFault::Malformed, CardFault::Unsupported}) {
        scripts_ = {
            {Keys::Secret, {kAsk, fault}}, {Keys::Secret, {found(1)}}, {Keys::None, {found(2)}}};
        present(static_cast<std::uint32_t>(plans_) + 1,
                {4, 4, 4, static_cast<std::uint8_t>(fault)});
        answer();
        EXPECT_EQ(last(), "copy 2");
    }
}

TEST_F(Desk, WhereAKeyWasNotAskedTheNextKeyIsTried) {
    scripts_ = {{Keys::Secret, {CardFault::NotThis}}, {Keys::Secret, {found(1)}}};
    present(1);
    EXPECT_EQ(last(), "copy 1");
}

TEST_F(Desk, ACardThatWantsToBeLeftAloneIs) {
    for (const CardFault fault : {CardFault::Delay, CardFault::Locked}) {
        scripts_ = {{Keys::None, {fault}}, {Keys::None, {found(1)}}};
        present(static_cast<std::uint32_t>(plans_) + 1,
                {4, 4, 4, static_cast<std::uint8_t>(fault)});
        EXPECT_NE(last(), "copy 1");
    }
    EXPECT_EQ(begun_, 2);
}

TEST_F(Desk, AnswersToNothingArePassedOver) {
    scripts_ = {{Keys::None, {kAsk, kAsk, found(1)}}};
    desk_.take(protocol::CardAnswer{.session = 1, .sequence = 1, .answer = {1}});
    present(3);
    for (const auto& [session, sequence] :
         std::vector<std::pair<std::uint32_t, std::uint16_t>>{{2, 1}, {4, 1}, {3, 0}, {3, 2}})
        desk_.take(protocol::CardAnswer{.session = session, .sequence = sequence, .answer = {1}});
    EXPECT_TRUE(heard_.empty());
    answer();
    desk_.take(protocol::CardAnswer{.session = 3, .sequence = 1, .answer = {1}});  // again
    EXPECT_EQ(heard_.size(), 1U);
    answer();
    EXPECT_EQ(last(), "copy 1");
    answer();  // after the end
    desk_.take(protocol::CardGone{.session = 2});
    EXPECT_EQ(seen_.size(), 1U);
}

TEST_F(Desk, AnAnswerMayBeAsLongAsAMessage) {
    scripts_ = {{Keys::None, {kAsk, found(1)}}};
    present(1);
    answer(CardStatus::Ok, Buffer(4096, 0xFF));
    EXPECT_EQ(heard_.at(0).size(), 4096U);
}

TEST_F(Desk, ACardThatIsTakenAwayIsTornOnce) {
    scripts_ = {{Keys::None, {kAsk, found(1)}}};
    present(1);
    desk_.take(protocol::CardGone{.session = 1});
    EXPECT_EQ(last(), "CARD_TORN");
    answer();
    desk_.take(protocol::CardGone{.session = 1});
    EXPECT_EQ(seen_.size(), 1U);
}

TEST_F(Desk, ACardThatDoesNotAnswerIsTorn) {
    scripts_ = {{Keys::None, {kAsk, found(1)}}, {Keys::None, {found(2)}}};
    std::uint32_t session = 0;
    for (const CardStatus status : {CardStatus::Gone, CardStatus::Timeout, CardStatus::Failed}) {
        present(++session);
        answer(status, {});
        EXPECT_EQ(last(), "CARD_TORN");
    }
    EXPECT_EQ(seen_.size(), 3U);
    EXPECT_EQ(plans_, 3) << "the same card, asked from the beginning each time";
}

TEST_F(Desk, WhatTheReaderCannotSendEndsThatDialogueOnly) {
    scripts_ = {{Keys::None, {kAsk, found(1)}}, {Keys::None, {kAsk, found(2)}}};
    present(1);
    answer(CardStatus::Refused, {});
    answer();
    EXPECT_EQ(last(), "copy 2");
}

TEST_F(Desk, AReaderThatNeverAnswersIsGivenUp) {
    CardDesk desk{parts({.command = 5ms, .card = 30ms, .reader = 5ms})};
    scripts_ = {{Keys::None, {kAsk, found(1)}}};
    ASSERT_TRUE(desk.take(protocol::CardPresent{.session = 1, .uid = {4, 1, 2, 3}}));
    run_until([this] { return !seen_.empty(); });
    EXPECT_EQ(last(), "CARD_TORN");
    EXPECT_EQ(silences_, 1);
    desk.take(protocol::CardAnswer{.session = 1, .sequence = 1, .answer = {0x90, 0}});  // too late
    EXPECT_TRUE(heard_.empty());
    EXPECT_TRUE(desk.take(protocol::CardPresent{.session = 2, .uid = {4, 1, 2, 3}}));
    EXPECT_EQ(plans_, 2);
}

TEST_F(Desk, ADialogueHasATimeLimitInAll) {
    CardDesk desk{parts({.command = 40ms, .card = 50ms, .reader = 500ms, .commands = 60'000})};
    scripts_ = {{Keys::None, {kAsk}}};
    ASSERT_TRUE(desk.take(protocol::CardPresent{.session = 1, .uid = {4, 1, 2, 3}}));
    const EventSource quick = loop_.every(1ms, [&] {
        desk.take(protocol::CardAnswer{
            .session = 1, .sequence = commands_.back().sequence, .answer = {0x90, 0x00}});
    });
    run_until([this] { return !seen_.empty(); });
    EXPECT_EQ(last(), "CARD_TORN");
    EXPECT_EQ(silences_, 0);
    EXPECT_LT(commands_.back().budget_ms, 40);
}

TEST_F(Desk, ADialogueWithoutAnEndIsEnded) {
    CardDesk desk{parts({.commands = 5})};
    scripts_ = {{Keys::None, {kAsk}}};
    ASSERT_TRUE(desk.take(protocol::CardPresent{.session = 1, .uid = {4, 1, 2, 3}}));
    for (std::uint16_t sequence = 1; sequence <= 6; ++sequence)
        desk.take(protocol::CardAnswer{.session = 1, .sequence = sequence, .answer = {0x90, 0}});
    EXPECT_EQ(commands_.size(), 5U);
    EXPECT_EQ(last(), "CARD_UNREADABLE");
}

TEST_F(Desk, ACommandThatTheListDoesNotNameIsNotSent) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{6}, std::size_t{4097}}) {
        scripts_ = {{Keys::None, {CardSend{Buffer(size, 1)}}}};
        present(static_cast<std::uint32_t>(plans_) + 1, {4, 4, 4, static_cast<std::uint8_t>(size)});
        EXPECT_EQ(last(), "CARD_UNREADABLE");
    }
    EXPECT_TRUE(commands_.empty());
}

TEST_F(Desk, ACardThatStaysIsNotAskedAgain) {
    scripts_ = {{Keys::None, {found(1)}}};
    present(1);
    present(2);
    present(3);
    EXPECT_EQ(plans_, 1);
    EXPECT_EQ(seen_.size(), 1U);
    ASSERT_EQ(told_.size(), 2U);
    EXPECT_EQ(told_[1].scan, 3U);
    EXPECT_EQ(told_[1].outcome, protocol::Outcome::Same);
}

TEST_F(Desk, ARefusedCardThatStaysIsNotAskedAgainEither) {
    scripts_ = {{Keys::None, {CardFault::Empty}}};
    present(1);
    present(2);
    EXPECT_EQ(seen_.size(), 1U);
}

TEST_F(Desk, ACardThatWasAwayIsAskedAgain) {
    scripts_ = {{Keys::None, {found(1)}}};
    present(1);
    desk_.take(protocol::CardGone{.session = 1});
    present(2);
    EXPECT_EQ(seen_.size(), 2U);
}

TEST_F(Desk, ACardThatLiesThereForLongIsAskedAgain) {
    CardDesk desk{parts({.rest = 0ms})};
    scripts_ = {{Keys::None, {found(1)}}};
    ASSERT_TRUE(desk.take(protocol::CardPresent{.session = 1, .uid = {4, 1, 2, 3}}));
    ASSERT_TRUE(desk.take(protocol::CardPresent{.session = 2, .uid = {4, 1, 2, 3}}));
    EXPECT_EQ(seen_.size(), 2U);
}

TEST_F(Desk, ACardThatHasToWaitIsAskedAgain) {
    scripts_ = {{Keys::None, {found(1)}}};
    present(1);
    desk_.answered({.scan = 1, .outcome = protocol::Outcome::Wait});
    present(2);
    EXPECT_EQ(seen_.size(), 2U);
    desk_.answered({.scan = 2, .outcome = protocol::Outcome::Refuse});
    desk_.answered({.scan = 1, .outcome = protocol::Outcome::Wait});  // of another
    present(3);
    EXPECT_EQ(seen_.size(), 2U);
}

TEST_F(Desk, AnotherCardIsAnotherCard) {
    scripts_ = {{Keys::None, {found(1)}}};
    present(1, {4, 1, 2, 3});
    present(2, {4, 1, 2, 4});
    present(3, {});
    present(4, {});  // nobody can tell
    EXPECT_EQ(seen_.size(), 4U);
}

TEST_F(Desk, ANewCardTakesThePlaceOfTheOldOne) {
    scripts_ = {{Keys::None, {kAsk, found(1)}}};
    present(1, {1});
    present(2, {2});
    desk_.take(protocol::CardGone{.session = 1});
    answer();
    ASSERT_EQ(seen_.size(), 1U);
    EXPECT_EQ(seen_[0].session, 2U);
}

TEST_F(Desk, ANumberIsUsedOnceOnly) {
    scripts_ = {{Keys::None, {kAsk, found(1)}}};
    present(7);
    for (const std::uint32_t session : {7U, 6U, 0U})
        EXPECT_FALSE(desk_.take(protocol::CardPresent{.session = session, .uid = {1}}));
    answer();
    EXPECT_EQ(seen_.size(), 1U);
}

TEST_F(Desk, AReaderThatIsGoneLeavesNothingBehind) {
    scripts_ = {{Keys::None, {kAsk, found(1)}}};
    present(7);
    desk_.reset();
    answer();
    EXPECT_TRUE(seen_.empty());
    present(1);
    answer();
    EXPECT_EQ(last(), "copy 1");
}

TEST_F(Desk, AReaderMayBeLostInTheMiddleOfACommand) {
    scripts_ = {{Keys::None, {kAsk, kAsk, found(1)}}};
    resets_ = true;
    present(1);
    answer();
    EXPECT_TRUE(heard_.empty());
    EXPECT_EQ(silences_, 0);
}

}  // namespace
}  // namespace stile::test
