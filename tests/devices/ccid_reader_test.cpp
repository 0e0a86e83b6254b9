// SPDX-License-Identifier: Apache-2.0
// The driver of card readers with a reader that behaves, and cards that come and go.
#include "tests/devices/ccid_bench.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using Kind = FakeCcid::Kind;

class CcidReaderAtWork : public CcidBench {};

constexpr auto kUid = "FFCA000000";

TEST_F(CcidReaderAtWork, FindsACardAndPassesACommandToIt) {
    plug_and_wait();
    device_->insert(phone());
    time_.pass(10ms);
    ASSERT_EQ(cards_, std::vector<std::string>{"3b8180018080"});
    EXPECT_EQ(ask(kUid), "08a1b2c39000");
    EXPECT_EQ(gone_, 0);
}

// The bytes of a visit, as they go over the wire.
TEST_F(CcidReaderAtWork, SaysExactlyThis) {
    plug_and_wait();
    device_->insert(phone());
    time_.pass(10ms);
    (void)ask(kUid);
    EXPECT_EQ(device_->sent(), (std::vector<std::string>{
                                   "65000000000001000000",            // are you with us?
                                   "65000000000002000000",            // is there a card?
                                   "62000000000003000000",            // power
                                   "6f050000000004000000ffca000000",  // the command
                               }));
}

TEST_F(CcidReaderAtWork, FindsACardThatLiesThereAlready) {
    device_.emplace(time_);
    device_->insert(ntag());
    open();
    time_.pass(100ms);
    EXPECT_EQ(cards_.size(), 1U);
}

TEST_F(CcidReaderAtWork, TellsOfACardThatLeaves) {
    plug_and_wait();
    device_->insert(phone());
    time_.pass(10ms);
    device_->remove();
    time_.pass(2ms);
    EXPECT_EQ(gone_, 1);
    EXPECT_EQ(ask(kUid), "gone");
}

TEST_F(CcidReaderAtWork, FindsCardsByAskingWhenNobodyTells) {
    plug_and_wait({.interrupts = Kind::Interrupts::No});
    device_->insert(phone());
    time_.pass(260ms);
    EXPECT_EQ(cards_.size(), 1U);
    device_->remove();
    time_.pass(260ms);
    EXPECT_EQ(gone_, 1);
}

TEST_F(CcidReaderAtWork, AsksSeldomWhileNotificationsCome) {
    plug_and_wait();
    const auto before = device_->count(CcidRequest::SlotStatus);
    time_.pass(20s);
    EXPECT_LE(device_->count(CcidRequest::SlotStatus) - before, 5U);
}

TEST_F(CcidReaderAtWork, AsksOftenOnceNotificationsWereMissing) {
    plug_and_wait();
    device_->tells = false;
    const auto show_card = [this](FakeTime::Time patience) {
        cards_.clear();
        device_->insert(phone());
        time_.pass(patience);
        device_->remove();
        time_.pass(1s);
        return cards_.size();
    };
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(show_card(6s), 1U);
    EXPECT_EQ(show_card(260ms), 1U);
}

TEST_F(CcidReaderAtWork, IgnoresNotificationsThatAreNone) {
    plug_and_wait();
    for (const char* packet : {"", "50", "50FF00FF", "FF03", "5001", "51", "5100"})
        device_->send_interrupt(hex(packet));
    time_.pass(10ms);
    EXPECT_EQ(reader_->condition(), CcidCondition::Working);
    device_->insert(phone());
    time_.pass(100ms);
    EXPECT_EQ(cards_.size(), 1U);
}

TEST_F(CcidReaderAtWork, LivesWithAnInterruptEndpointThatFails) {
    plug_and_wait();
    for (int i = 0; i < 12; ++i) {
        device_->fail_interrupt(UsbFault::Stall);
        time_.pass(10ms);
    }
    EXPECT_EQ(device_->halts_cleared, 10);
    device_->insert(phone());
    time_.pass(600ms);
    EXPECT_EQ(cards_.size(), 1U);
}

TEST_F(CcidReaderAtWork, LooksAgainWhenACardIsSaidToHaveComeTwice) {
    plug_and_wait();
    device_->insert(phone());
    time_.pass(10ms);
    const auto before = device_->count(CcidRequest::SlotStatus);
    device_->send_interrupt(hex("5003"));
    time_.pass(10ms);
    EXPECT_EQ(device_->count(CcidRequest::SlotStatus), before + 1);
    EXPECT_EQ(gone_, 0);
}

TEST_F(CcidReaderAtWork, IsNotFooledByAnAnswerThatIsOlderThanTheNews) {
    plug_and_wait();
    int looks = 0;
    meddle_with(CcidRequest::SlotStatus, [&](const Buffer& command) {
        if (++looks > 1) return device_->reply(CcidReply::SlotStatus, command);
        device_->insert(phone());
        device_->send_bulk({0x81, 0, 0, 0, 0, 0, command[6], 2, 0, 0});  // there was no card
    });
    time_.pass(5s);
    EXPECT_EQ(cards_.size(), 1U);
}

TEST_F(CcidReaderAtWork, TakesACardThatLostItsPowerForAnotherOne) {
    plug_and_wait();
    device_->insert(phone());
    time_.pass(10ms);
    device_->insert(ntag());  // swapped between two looks
    time_.pass(20ms);
    EXPECT_EQ(gone_, 1);
    ASSERT_EQ(cards_.size(), 2U);
    EXPECT_EQ(ask(kUid), "041689aa5c5e809000");
}

TEST_F(CcidReaderAtWork, TellsAtOnceWhenACardIsTornAway) {
    plug_and_wait();
    device_->insert(phone());
    time_.pass(10ms);
    never_answer(CcidRequest::Transfer);
    transmit(kUid);
    time_.pass(20ms);
    device_->remove();
    time_.pass(2ms);
    EXPECT_EQ(answers_.back(), "gone");
    EXPECT_EQ(gone_, 1);
}

TEST_F(CcidReaderAtWork, TellsThatACardIsTornAwayByItsAnswer) {
    plug_and_wait({.interrupts = Kind::Interrupts::No});
    device_->insert(phone());
    time_.pass(300ms);
    device_->remove();
    transmit(kUid);
    time_.pass(3ms);
    EXPECT_EQ(answers_.back(), "gone");
    EXPECT_EQ(gone_, 1);
}

TEST_F(CcidReaderAtWork, PowersACardAnewThatFellSilent) {
    plug_and_wait();
    device_->insert(phone());
    time_.pass(10ms);
    meddle_with(CcidRequest::Transfer, [this](const Buffer& command) {
        device_->reply(CcidReply::DataBlock, command, {}, kCcidCardMute, CcidOutcome::Failed);
    });
    EXPECT_EQ(ask(kUid), "gone");
    device_->meddle = {};
    EXPECT_EQ(gone_, 1);
    EXPECT_EQ(device_->count(CcidRequest::PowerOff), 1U);
    EXPECT_EQ(cards_.size(), 2U);
}

TEST_F(CcidReaderAtWork, LeavesACardAloneThatFallsSilentAgainAndAgain) {
    plug_and_wait();
    meddle_with(CcidRequest::Transfer, [this](const Buffer& command) {
        device_->reply(CcidReply::DataBlock, command, {}, kCcidCardMute, CcidOutcome::Failed);
    });
    on_card_ = [this] { transmit(kUid); };
    device_->insert(phone());
    time_.pass(10s);
    EXPECT_EQ(cards_.size(), 3U);
    device_->remove();
    device_->insert(phone());
    time_.pass(10s);
    EXPECT_EQ(cards_.size(), 6U);
}

TEST_F(CcidReaderAtWork, RestartsACardAsOftenAsItIsToldTo) {
    plug_and_wait();
    device_->insert(phone());
    for (int i = 0; i < 10; ++i) {
        time_.pass(10ms);
        reader_->restart_card();
    }
    time_.pass(10ms);
    EXPECT_EQ(cards_.size(), 11U);
}

TEST_F(CcidReaderAtWork, KeepsACardWhoseCommandTheReaderRefuses) {
    plug_and_wait();
    device_->insert(phone());
    time_.pass(10ms);
    meddle_with(CcidRequest::Transfer, [this](const Buffer& command) {
        device_->reply(CcidReply::DataBlock, command, {}, 0x01, CcidOutcome::Failed);
    });
    EXPECT_EQ(ask(kUid), "failed");
    device_->meddle = {};
    EXPECT_EQ(ask(kUid), "08a1b2c39000");
    EXPECT_EQ(gone_, 0);
}

TEST_F(CcidReaderAtWork, TriesAMuteCardAgainAndDoesNotHurry) {
    plug_and_wait();
    meddle_with(CcidRequest::PowerOn, [this](const Buffer& command) {
        device_->reply(CcidReply::DataBlock, command, {}, kCcidCardMute, CcidOutcome::Failed);
    });
    device_->insert(phone());
    time_.pass(5s);
    EXPECT_GE(device_->count(CcidRequest::PowerOn), 4U);
    EXPECT_LE(device_->count(CcidRequest::PowerOn), 8U);
    device_->meddle = {};
    time_.pass(2s);
    EXPECT_EQ(cards_.size(), 1U);
}

TEST_F(CcidReaderAtWork, RefusesAnAtrThatIsTooLong) {
    plug_and_wait();
    device_->insert({.atr = Buffer(34, 0x3B)});
    time_.pass(500ms);
    EXPECT_TRUE(cards_.empty());
    EXPECT_EQ(reader_->condition(), CcidCondition::Working);
}

TEST_F(CcidReaderAtWork, LeavesCardsWithContactsAlone) {
    plug_and_wait();
    device_->insert({.atr = hex("3B9F95801FC78031E073FE211B63F1029000830F9000EF")});
    time_.pass(5s);
    EXPECT_TRUE(cards_.empty());
    EXPECT_EQ(device_->count(CcidRequest::PowerOn), 1U);
}

TEST_F(CcidReaderAtWork, FindsTheCardBesideASam) {
    device_.emplace(time_, Kind{.slots = 3});
    device_->insert({.atr = hex("3BDF18FFC0")}, 2);
    open();
    time_.pass(1s);
    EXPECT_TRUE(cards_.empty());
    device_->insert(ntag(), 1);
    time_.pass(1s);
    ASSERT_EQ(cards_.size(), 1U);
    EXPECT_EQ(ask(kUid), "041689aa5c5e809000");
}

TEST_F(CcidReaderAtWork, SpeaksWithOneCardAtATime) {
    plug_and_wait({.slots = 2});
    device_->insert(phone(), 0);
    device_->insert(ntag(), 1);
    time_.pass(1s);
    EXPECT_EQ(cards_.size(), 1U);
    device_->remove(0);
    time_.pass(1s);
    EXPECT_EQ(gone_, 1);
    ASSERT_EQ(cards_.size(), 2U);
    EXPECT_EQ(ask(kUid), "041689aa5c5e809000");
}

TEST_F(CcidReaderAtWork, SetsParametersWhereTheReaderWantsThem) {
    plug_and_wait({.features = 0x000404BA});
    device_->insert(phone());
    time_.pass(10ms);
    EXPECT_EQ(device_->sent().back(), "610700000000040100001110004d002000");
    EXPECT_EQ(cards_.size(), 1U);
}

TEST_F(CcidReaderAtWork, GoesOnWhenParametersAreRefused) {
    plug_and_wait({.features = 0x000404BA});
    meddle_with(CcidRequest::SetParameters, [this](const Buffer& command) {
        device_->reply(CcidReply::Parameters, command, {}, 0, CcidOutcome::Failed);
    });
    device_->insert(phone());
    time_.pass(10ms);
    EXPECT_EQ(cards_.size(), 1U);
}

TEST_F(CcidReaderAtWork, SendsALongCommandAndFetchesALongAnswerInBlocks) {
    plug_and_wait();
    Buffer heard;
    FakeCard card = phone();
    card.answer = [&heard](Bytes apdu) {
        heard.assign(apdu.begin(), apdu.end());
        return Buffer(1000, 0x90);
    };
    device_->insert(card);
    time_.pass(10ms);
    std::string command = "00B00000000300";
    for (int i = 0; i < 700; ++i)
        command += "AB";
    EXPECT_EQ(ask(command).size(), 2000U);
    EXPECT_EQ(heard, hex(command));
    EXPECT_EQ(device_->count(CcidRequest::Transfer), 3U + 3U);
}

TEST_F(CcidReaderAtWork, SaysThatALongCommandDoesNotFitASimpleReader) {
    plug_and_wait({.features = 0x00020040});
    device_->insert(phone());
    time_.pass(10ms);
    const auto before = device_->count(CcidRequest::Transfer);
    EXPECT_EQ(ask(std::string(600, '0')), "unfit");
    EXPECT_EQ(ask("00B00000000100"), "unfit");  // an extended length
    EXPECT_EQ(ask("00B0"), "unfit");
    EXPECT_EQ(device_->count(CcidRequest::Transfer), before);
    EXPECT_EQ(ask(kUid), "08a1b2c39000");
}

TEST_F(CcidReaderAtWork, HasOneCommandAtATime) {
    plug_and_wait();
    device_->insert(phone());
    time_.pass(10ms);
    transmit(kUid);
    transmit(kUid);
    EXPECT_EQ(answers_[1], "gone");
    time_.pass(10ms);
    EXPECT_EQ(answers_[0], "08a1b2c39000");
}

TEST_F(CcidReaderAtWork, RestartsACard) {
    plug_and_wait();
    device_->insert(phone());
    time_.pass(10ms);
    reader_->restart_card();
    time_.pass(10ms);
    EXPECT_EQ(gone_, 1);
    EXPECT_EQ(cards_.size(), 2U);
    EXPECT_EQ(device_->count(CcidRequest::PowerOff), 1U);
}

TEST_F(CcidReaderAtWork, EndsEverythingWhenItIsUnplugged) {
    plug_and_wait();
    device_->insert(phone());
    time_.pass(10ms);
    never_answer(CcidRequest::Transfer);
    transmit(kUid);
    time_.pass(10ms);
    device_->unplug();
    EXPECT_EQ(answers_.back(), "gone");
    EXPECT_EQ(gone_, 1);
    EXPECT_EQ(reader_->condition(), CcidCondition::Unplugged);
    time_.pass(1h);
    EXPECT_EQ(device_->resets, 0);
}

TEST_F(CcidReaderAtWork, PassesOverWhatAKernelDriverLeftBehind) {
    device_.emplace(time_);
    device_->meddle = [this, asked = 0](const Buffer&) mutable {
        if (++asked > 1) return false;
        device_->send_bulk(hex("800200000000010000009000"));  // not the kind that was asked for
        device_->send_bulk(hex("80"));
        for (std::uint8_t sequence = 0x40; sequence < 0x60; ++sequence)
            device_->send_bulk({0x81, 0, 0, 0, 0, 0, sequence, 2, 0, 0});
        return false;
    };
    open();
    time_.pass(200ms);
    EXPECT_EQ(reader_->condition(), CcidCondition::Working);
    EXPECT_EQ(device_->resets, 0);
}

}  // namespace
}  // namespace stile::devices
