// SPDX-License-Identifier: Apache-2.0
// Lamps and buzzers of card readers that have some.
#include "tests/devices/ccid_bench.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using Kind = FakeCcid::Kind;

class CcidReaderWithALamp : public CcidBench {};

constexpr Kind kAcr122{.vendor = 0x072F, .product = 0x2200, .features = 0x00020040};

TEST_F(CcidReaderWithALamp, SilencesTheBuzzerAndLightsTheLamp) {
    plug_and_wait(kAcr122);
    EXPECT_EQ(device_->sent()[1], "6b050000000002000000ff00520000");
    reader_->show(Signal::Admit);
    time_.pass(10ms);
    EXPECT_EQ(device_->sent().back(), "6b090000000005000000ff00400e0401000101");
}

TEST_F(CcidReaderWithALamp, ShowsTheNewestSignalOnly) {
    plug_and_wait(kAcr122);
    const auto before = device_->count(CcidRequest::Escape);
    reader_->show(Signal::Wait);  // on its way at once
    reader_->show(Signal::Refuse);
    reader_->show(Signal::Idle);
    time_.pass(100ms);
    EXPECT_EQ(device_->count(CcidRequest::Escape), before + 2);
}

TEST_F(CcidReaderWithALamp, GivesUpTheLampOfAReaderThatRefusesIt) {
    device_.emplace(time_, kAcr122);
    meddle_with(CcidRequest::Escape, [this](const Buffer& command) {
        device_->reply(CcidReply::Escape, command, {}, 0, CcidOutcome::Failed);
    });
    open();
    time_.pass(100ms);
    reader_->show(Signal::Admit);
    time_.pass(100ms);
    EXPECT_EQ(device_->count(CcidRequest::Escape), 1U);
    EXPECT_EQ(reader_->condition(), CcidCondition::Working);
}

TEST_F(CcidReaderWithALamp, SendsNoEscapeToAReaderThatItDoesNotKnow) {
    plug_and_wait();
    reader_->show(Signal::Admit);
    time_.pass(1s);
    EXPECT_EQ(device_->count(CcidRequest::Escape), 0U);
}

}  // namespace
}  // namespace stile::devices
