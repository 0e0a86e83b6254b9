// SPDX-License-Identifier: Apache-2.0
// The driver of card readers with readers that lie, hang and break.
#include "tests/devices/ccid_bench.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using Kind = FakeCcid::Kind;

constexpr auto kUid = "FFCA000000";

class CcidReaderInTrouble : public CcidBench {
protected:
    void plug_with_card(const Kind& kind = {}) {
        plug_and_wait(kind);
        device_->insert(phone());
        time_.pass(10ms);
        ASSERT_EQ(cards_.size(), 1U);
    }
    // Answers each command to the card with these bytes, number by number.
    void answer_raw(std::string_view transfer) {
        meddle_with(CcidRequest::Transfer, [this, transfer](const Buffer& command) {
            Buffer raw = hex(transfer);
            if (raw.size() > 6 && raw[6] == 0x02) raw[6] = command[6];  // the right number
            device_->send_bulk(raw);
        });
    }
    // After any trouble, the next card is read.
    void expect_recovery() {
        device_->meddle = {};
        device_->remove();
        time_.pass(10s);
        ASSERT_EQ(reader_->condition(), CcidCondition::Working) << reader_->reason();
        cards_.clear();
        device_->insert(ntag());
        time_.pass(500ms);
        ASSERT_EQ(cards_.size(), 1U);
        EXPECT_EQ(ask(kUid), "041689aa5c5e809000");
    }
};

TEST_F(CcidReaderInTrouble, WaitsNoLongerThanTheBudgetOfACommand) {
    plug_with_card();
    never_answer(CcidRequest::Transfer);
    const auto begin = time_.now();
    transmit(kUid, 10s);
    time_.pass(1490ms);
    EXPECT_EQ(answers_.back(), "none");
    time_.pass(20ms);
    EXPECT_EQ(answers_.back(), "late");
    EXPECT_LE(answered_at_ - begin, 1502ms);
    EXPECT_EQ(gone_, 1);
    EXPECT_EQ(device_->controls, 1);
    expect_recovery();
    EXPECT_EQ(device_->resets, 0);
}

TEST_F(CcidReaderInTrouble, WaitsNoLongerThanItWasTold) {
    plug_with_card();
    never_answer(CcidRequest::Transfer);
    transmit(kUid, 100ms);
    time_.pass(110ms);
    EXPECT_EQ(answers_.back(), "late");
}

TEST_F(CcidReaderInTrouble, WaitsForACardThatAsksForMoreTime) {
    plug_with_card();
    meddle_with(CcidRequest::Transfer, [this](const Buffer& command) {
        device_->reply(CcidReply::DataBlock, command, {}, 2, CcidOutcome::MoreTime);
        time_.after(
            300ms, [this, command] { device_->reply(CcidReply::DataBlock, command, hex("9000")); });
    });
    transmit(kUid);
    time_.pass(310ms);
    EXPECT_EQ(answers_.back(), "9000");
}

TEST_F(CcidReaderInTrouble, DoesNotWaitForEverForMoreTime) {
    plug_with_card();
    std::function<void(Buffer)> more = [&](const Buffer& command) {
        device_->reply(CcidReply::DataBlock, command, {}, 0xFF, CcidOutcome::MoreTime);
        time_.after(100ms, [&more, command] { more(command); });
    };
    meddle_with(CcidRequest::Transfer, more);
    transmit(kUid);
    time_.pass(1510ms);
    EXPECT_EQ(answers_.back(), "late");
}

TEST_F(CcidReaderInTrouble, CountsRequestsForMoreTimeThatCostNoTime) {
    plug_with_card();
    meddle_with(CcidRequest::Transfer, [this](const Buffer& command) {
        for (int i = 0; i < 10'000; ++i)
            device_->reply(CcidReply::DataBlock, command, {}, 0xFF, CcidOutcome::MoreTime);
    });
    transmit(kUid);
    time_.pass(100ms);
    EXPECT_EQ(answers_.back(), "late");
}

TEST_F(CcidReaderInTrouble, GivesACardThreeSecondsInAll) {
    plug_with_card();
    meddle_with(CcidRequest::Transfer, [this](const Buffer& command) {
        time_.after(1100ms, [this, command] {
            device_->reply(CcidReply::DataBlock, command, hex("9000"));
        });
    });
    for (int i = 0; i < 3; ++i) {
        transmit(kUid);
        time_.pass(1200ms);
    }
    EXPECT_EQ(answers_, (std::vector<std::string>{"9000", "9000", "late"}));
}

TEST_F(CcidReaderInTrouble, RefusesTheNextCommandOfACardThatUsedItsTime) {
    plug_and_wait();
    device_->insert(phone());
    time_.pass(10ms);
    meddle_with(CcidRequest::Transfer, [this](const Buffer& command) {
        time_.after(1498ms, [this, command] {
            device_->reply(CcidReply::DataBlock, command, hex("9000"));
        });
    });
    for (int i = 0; i < 2; ++i) {
        transmit(kUid);
        time_.pass(1600ms);
    }
    EXPECT_EQ(ask(kUid), "late");
    EXPECT_EQ(device_->count(CcidRequest::Transfer), 2U);
    EXPECT_EQ(gone_, 1);
    EXPECT_EQ(ask(kUid), "gone");
    EXPECT_EQ(device_->controls, 0);
}

class CcidLies : public CcidReaderInTrouble, public ::testing::WithParamInterface<const char*> {};

TEST_P(CcidLies, EndTheCommandAndNotTheReader) {
    plug_with_card();
    answer_raw(GetParam());
    EXPECT_EQ(ask(kUid), "failed");
    EXPECT_EQ(gone_, 1);
    expect_recovery();
}

INSTANTIATE_TEST_SUITE_P(Answers, CcidLies,
                         ::testing::Values("80FFFFFF7F00020000009000",  // longer than it is
                                           "800100000000020000009000",  // shorter than it is
                                           "800000000000020000",        // less than a header
                                           "81000000000002000000",      // another kind
                                           "80000000000002C00000",      // a reserved state
                                           "80000000000002030000",      // likewise of the card
                                           "85000000000002000000",      // no kind at all
                                           "8001000000000200000090",    // no status word
                                           "80000000000002000000",      // nothing at all
                                           "8001000000000200000341",    // a chain from its middle
                                           "8001000000000200000241",    // from its end
                                           "80000000000002000010",      // asks for more command
                                           "8002000000000200000490"
                                           "00"));  // a place that no chain has

TEST_F(CcidReaderInTrouble, TakesAFailureOfTheWrongKindForAFailure) {
    plug_with_card();
    answer_raw("81000000000002400100");
    EXPECT_EQ(ask(kUid), "failed");
    EXPECT_EQ(gone_, 0);
}

TEST_F(CcidReaderInTrouble, DropsAnswersToOthers) {
    plug_with_card();
    meddle_with(CcidRequest::Transfer, [this](const Buffer& command) {
        Buffer wrong_slot = hex("800200000005020000009000");
        wrong_slot[6] = command[6];
        for (int i = 0; i < 4; ++i) {
            device_->send_bulk(hex("800200000000770000009000"));
            device_->send_bulk(wrong_slot);
        }
        device_->send_bulk({});  // the end of a message of whole packets
        device_->reply(CcidReply::DataBlock, command, hex("6A82"));
    });
    EXPECT_EQ(ask(kUid), "6a82");
}

TEST_F(CcidReaderInTrouble, GivesUpAfterTooManyAnswersToOthers) {
    plug_with_card();
    meddle_with(CcidRequest::Transfer, [this](const Buffer&) {
        for (int i = 0; i < 11; ++i)
            device_->send_bulk(hex("800200000000770000009000"));
    });
    EXPECT_EQ(ask(kUid), "failed");
    expect_recovery();
}

TEST_F(CcidReaderInTrouble, EndsAChainThatNeverEnds) {
    plug_with_card();
    meddle_with(CcidRequest::Transfer, [this](const Buffer& command) {
        const std::uint8_t place = command[8] == 0x10 ? 3 : 1;
        device_->reply(CcidReply::DataBlock, command, hex("41"), 0, CcidOutcome::Ok, place);
    });
    EXPECT_EQ(ask(kUid), "failed");
    EXPECT_LE(device_->count(CcidRequest::Transfer), 65U);
    expect_recovery();
}

TEST_F(CcidReaderInTrouble, EndsAChainThatIsTooLong) {
    plug_with_card();
    meddle_with(CcidRequest::Transfer, [this](const Buffer& command) {
        const std::uint8_t place = command[8] == 0x10 ? 3 : 1;
        device_->reply(CcidReply::DataBlock, command, Buffer(200), 0, CcidOutcome::Ok, place);
    });
    EXPECT_EQ(ask(kUid), "failed");
    EXPECT_LE(device_->count(CcidRequest::Transfer), 21U);
}

TEST_F(CcidReaderInTrouble, ClearsAnEndpointThatStalls) {
    plug_with_card();
    meddle_with(CcidRequest::Transfer, [this](const Buffer&) {
        time_.after(2ms, [this] { device_->fail_receive(UsbFault::Stall); });
    });
    EXPECT_EQ(ask(kUid), "failed");
    EXPECT_EQ(device_->halts_cleared, 1);
    expect_recovery();
    EXPECT_EQ(device_->resets, 0);
}

TEST_F(CcidReaderInTrouble, SurvivesAnswersThatAreLargerThanItsRoom) {
    plug_with_card();
    meddle_with(CcidRequest::Transfer,
                [this](const Buffer&) { device_->send_bulk(Buffer(20'000, 0x80)); });
    EXPECT_EQ(ask(kUid), "failed");
    expect_recovery();
}

TEST_F(CcidReaderInTrouble, ResetsAReaderThatDoesNotKnowHowToAbort) {
    device_.emplace(time_);
    device_->aborts = false;
    open();
    device_->insert(phone());
    time_.pass(100ms);
    never_answer(CcidRequest::Transfer);
    transmit(kUid);
    time_.pass(1600ms);
    EXPECT_EQ(answers_.back(), "late");
    EXPECT_EQ(device_->resets, 1);
    expect_recovery();
}

TEST_F(CcidReaderInTrouble, ResetsAReaderThatDoesNotAnswerToAbort) {
    plug_with_card();
    device_->meddle = [](const Buffer& command) {
        return command[0] == 0x6F || command[0] == 0x72;
    };
    transmit(kUid);
    time_.pass(2100ms);
    EXPECT_EQ(device_->resets, 1);
    expect_recovery();
}

TEST_F(CcidReaderInTrouble, ResetsAReaderThatBreaksAgainAfterEachAbort) {
    plug_and_wait();
    meddle_with(CcidRequest::SlotStatus, [this](const Buffer&) { device_->send_bulk(hex("00")); });
    time_.pass(5s + 100ms);
    EXPECT_EQ(device_->resets, 1);
}

TEST_F(CcidReaderInTrouble, RestsLongerEachTimeWhenNothingHelps) {
    plug_with_card();
    device_->meddle = [](const Buffer&) { return true; };  // dead
    std::vector<FakeTime::Time> tries;
    device_->on_reset = [&] { tries.push_back(time_.now()); };
    transmit(kUid);
    time_.pass(10min);
    EXPECT_EQ(reader_->condition(), CcidCondition::Resting);
    ASSERT_GE(tries.size(), 8U);
    EXPECT_LE(tries.size(), 20U);
    EXPECT_LT(tries[4] - tries[3], 4s);
    EXPECT_GE(tries.back() - tries[tries.size() - 2], 60s);
    EXPECT_FALSE(reader_->reason().empty());
    device_->meddle = {};
    time_.pass(70s);
    EXPECT_EQ(reader_->condition(), CcidCondition::Working);
}

TEST_F(CcidReaderInTrouble, RestsWhenTheResetFails) {
    plug_with_card();
    device_->meddle = [](const Buffer&) { return true; };
    device_->reset_fails = Errc::Io;
    transmit(kUid);
    time_.pass(3s);
    EXPECT_EQ(reader_->condition(), CcidCondition::Resting);
    device_->reset_fails.reset();
    device_->meddle = {};
    time_.pass(3s);
    EXPECT_EQ(reader_->condition(), CcidCondition::Working);
}

TEST_F(CcidReaderInTrouble, IsUnpluggedWhenTheResetMadeItAnotherDevice) {
    plug_with_card();
    device_->meddle = [](const Buffer&) { return true; };
    device_->reset_fails = Errc::Closed;
    transmit(kUid);
    time_.pass(3s);
    EXPECT_EQ(reader_->condition(), CcidCondition::Unplugged);
}

TEST_F(CcidReaderInTrouble, LeavesACardAloneThatMadeItHang) {
    plug_with_card();
    never_answer(CcidRequest::Transfer);
    transmit(kUid);
    time_.pass(10s);
    EXPECT_EQ(cards_.size(), 1U);
    expect_recovery();
}

TEST_F(CcidReaderInTrouble, BeginsNothingWhileItRecovers) {
    plug_with_card();
    never_answer(CcidRequest::Transfer);
    on_answer_ = [this] {
        if (answers_.size() < 2) transmit(kUid);  // out of the handler of the one that failed
    };
    transmit(kUid);
    time_.pass(1600ms);
    EXPECT_EQ(answers_, (std::vector<std::string>{"late", "gone"}));
    EXPECT_EQ(device_->count(CcidRequest::Transfer), 1U);
}

TEST_F(CcidReaderInTrouble, GivesUpTheLampThatMakesItHang) {
    device_.emplace(time_, Kind{.vendor = 0x072F, .product = 0x223B});
    never_answer(CcidRequest::Escape);
    open();
    time_.pass(10s);
    EXPECT_EQ(device_->count(CcidRequest::Escape), 2U);
    expect_recovery();
    reader_->show(Signal::Admit);
    time_.pass(1s);
    EXPECT_EQ(device_->count(CcidRequest::Escape), 2U);
}

// It may have hung for any reason while the lamp happened to be switched.
TEST_F(CcidReaderInTrouble, LightsTheLampAgainOfAReaderThatWasDeafOnce) {
    plug_with_card({.vendor = 0x072F, .product = 0x223B});
    device_->meddle = [](const Buffer&) { return true; };
    device_->on_reset = [this] { device_->meddle = {}; };
    reader_->show(Signal::Admit);
    time_.pass(5s);
    ASSERT_EQ(device_->resets, 1);
    const auto before = device_->count(CcidRequest::Escape);
    reader_->show(Signal::Refuse);
    time_.pass(100ms);
    EXPECT_EQ(device_->count(CcidRequest::Escape), before + 2);  // lamp and buzzer
}

TEST_F(CcidReaderInTrouble, PreparesTheLampAgainAfterItHungAndWasAborted) {
    device_.emplace(time_, Kind{.vendor = 0x072F, .product = 0x2200, .features = 0x00020040});
    int escapes = 0;
    meddle_with(CcidRequest::Escape, [&](const Buffer& command) {
        if (++escapes > 1) device_->reply(CcidReply::Escape, command, {}, 0, CcidOutcome::Ok);
    });
    open();
    time_.pass(3s);
    EXPECT_EQ(device_->resets, 0);
    EXPECT_EQ(escapes, 3);  // the first one once more, and the second one
}

TEST_F(CcidReaderInTrouble, IsUnpluggedWhileItIsReset) {
    plug_with_card();
    device_->meddle = [](const Buffer&) { return true; };
    device_->on_reset = [this] { device_->unplug(); };
    transmit(kUid);
    time_.pass(10s);
    EXPECT_EQ(reader_->condition(), CcidCondition::Unplugged);
    EXPECT_EQ(device_->resets, 1);
}

}  // namespace
}  // namespace stile::devices
