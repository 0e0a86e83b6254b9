// SPDX-License-Identifier: Apache-2.0
// Transfers through the real libusb to an emulated device: what arrives, and every way to fail.
#include <gtest/gtest.h>

#include "usb_stage.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using emulator::Reply;
using Kind = UsbEndpoint::Kind;

class UsbTransfer : public UsbStage {
protected:
    void SetUp() override {
        ASSERT_TRUE(bus_.plug(device_, "1-1"));
        UsbStage::SetUp();
        interface_ = claim();
        ASSERT_NE(interface_, nullptr);
        in_ = endpoint(*interface_, Kind::BulkIn);
        out_ = endpoint(*interface_, Kind::BulkOut);
        interrupt_ = endpoint(*interface_, Kind::InterruptIn);
    }
    void TearDown() override {
        interface_.reset();
        UsbStage::TearDown();
    }
    Outcome send(const Buffer& data, std::chrono::milliseconds timeout = 5s) {
        return outcome([&](auto done) { interface_->send(out_, data, timeout, std::move(done)); });
    }
    Outcome receive(std::size_t most = 64, std::chrono::milliseconds timeout = 5s) {
        return outcome(
            [&](auto done) { interface_->receive(in_, most, timeout, std::move(done)); });
    }
    Outcome control(const UsbControl& what, const Buffer& data = {}) {
        return outcome([&](auto done) { interface_->control(what, data, 5s, std::move(done)); });
    }
    // Begins one that only an unplugging or an ending ends.
    void wait_for_ever(UsbInterface::OnDone done) {
        interface_->receive(interrupt_, 8, 0ms, std::move(done));
    }

    EchoDevice& device_ = make({});
    std::unique_ptr<UsbInterface> interface_;
    UsbEndpoint in_;
    UsbEndpoint out_;
    UsbEndpoint interrupt_;
};

TEST_F(UsbTransfer, CarriesBytesBothWays) {
    EXPECT_EQ(send({1, 2, 3}), Buffer{}) << "to a device: empty bytes";
    EXPECT_EQ(receive(), (Buffer{1, 2, 3}));
}

TEST_F(UsbTransfer, CarriesManyPackets) {
    Buffer long_one(100'000);
    for (std::size_t i = 0; i < long_one.size(); ++i)
        long_one[i] = static_cast<std::uint8_t>(i * 7 / 3);
    change(device_,
           [&](EchoDevice& d) { d.bulk.emplace_back(long_one.begin(), long_one.begin() + 640); });
    EXPECT_EQ(receive(640), Buffer(long_one.begin(), long_one.begin() + 640));
    EXPECT_TRUE(send(long_one));
}

TEST_F(UsbTransfer, MayBeEmpty) {
    EXPECT_EQ(send({}), Buffer{});
    EXPECT_EQ(receive(), Buffer{});
}

TEST_F(UsbTransfer, AsksForWholePackets) {
    change(device_, [](EchoDevice& d) { d.bulk.push_back(Buffer(64, 9)); });
    EXPECT_EQ(receive(1), Buffer(64, 9));
}

TEST_F(UsbTransfer, WaitsForAnInterrupt) {
    const auto got = outcome([&](auto done) {
        wait_for_ever(std::move(done));
        change(device_, [](EchoDevice& d) { d.interrupts.push_back({0x50, 3}); });
    });
    EXPECT_EQ(got, (Buffer{0x50, 3}));
}

TEST_F(UsbTransfer, ControlsTheDevice) {
    EXPECT_EQ(control({.type = 0xA1, .request = 7, .value = 2, .index = 3, .length = 4}),
              (Buffer{0xA1, 7, 2, 3}));
    EXPECT_EQ(control({.type = 0xA1, .request = 7, .value = 2, .index = 3, .length = 2}),
              (Buffer{0xA1, 7}));
    EXPECT_EQ(control({.type = 0x21, .request = 7}, {5, 6}), Buffer{});
    const std::lock_guard lock{table_.mutex};
    EXPECT_EQ(device_.written, (Buffer{5, 6}));
}

TEST_F(UsbTransfer, EndsWithStallWhereTheDeviceRefuses) {
    EXPECT_EQ(control({.type = 0xA1, .request = 8, .length = 4}), std::unexpected{UsbFault::Stall});
    change(device_, [](EchoDevice& d) { d.next = Reply::Stall; });
    EXPECT_EQ(receive(), std::unexpected{UsbFault::Stall});
    EXPECT_TRUE(interface_->clear_halt(in_));
    EXPECT_TRUE(send({4}));
    EXPECT_EQ(receive(), Buffer{4});
}

TEST_F(UsbTransfer, EndsWithTimeoutAndTheNextOneWorks) {
    EXPECT_EQ(receive(64, 20ms), std::unexpected{UsbFault::Timeout});
    EXPECT_TRUE(send({4}));
    EXPECT_EQ(receive(64, 20ms), Buffer{4});
}

TEST_F(UsbTransfer, GivesNothingOfTooMuch) {
    change(device_, [](EchoDevice& d) { d.bulk.push_back(Buffer(65)); });
    EXPECT_EQ(receive(64), std::unexpected{UsbFault::Overflow});
}

TEST_F(UsbTransfer, EndsWithGoneWhenTheDeviceIsPulledOut) {
    const auto got = outcome([&](auto done) {
        wait_for_ever(std::move(done));
        bus_.unplug(device_);
    });
    EXPECT_EQ(got, std::unexpected{UsbFault::Gone});
    EXPECT_EQ(receive(), std::unexpected{UsbFault::Gone});
    EXPECT_EQ(send({1}), std::unexpected{UsbFault::Gone});
    EXPECT_EQ(control({.type = 0xA1, .request = 7, .length = 4}), std::unexpected{UsbFault::Gone});
    EXPECT_EQ(interface_->clear_halt(in_).error().code, Errc::Closed);
    EXPECT_EQ(interface_->reset().error().code, Errc::Closed);
}

// Whoever gives the device up in the moment in which it goes is not told of anything any more.
TEST_F(UsbTransfer, MayEndItsInterfaceWhileOthersAreOnTheirWay) {
    int told = 0;
    const auto give_up = [&](const UsbInterface::Received&) {
        ++told;
        interface_.reset();
        loop_.stop(0);
    };
    wait_for_ever(give_up);
    interface_->receive(in_, 64, 0ms, give_up);
    bus_.unplug(device_);
    EXPECT_TRUE(runs());
    settle();
    EXPECT_EQ(told, 1);
}

TEST_F(UsbTransfer, IsCancelledWithItsInterface) {
    wait_for_ever([](const UsbInterface::Received&) { ADD_FAILURE() << "told"; });
    interface_->receive(in_, 64, 0ms,
                        [](const UsbInterface::Received&) { ADD_FAILURE() << "told"; });
    interface_.reset();
    while (!diary_has(device_, "released 0"))
        settle();
    EXPECT_NE(claim(), nullptr);
}

TEST_F(UsbTransfer, IsCancelledWithItsInterfaceAlsoWhereTheBusGoesAtOnce) {
    wait_for_ever([](const UsbInterface::Received&) { ADD_FAILURE() << "told"; });
    interface_.reset();
    usb_.reset();
    EXPECT_TRUE(diary_has(device_, "released 0"));
}

TEST_F(UsbTransfer, ThatCannotBeginIsNotToldOfAfterItsInterface) {
    bus_.unplug(device_);
    EXPECT_EQ(receive(), std::unexpected{UsbFault::Gone});
    interface_->receive(in_, 64, 0ms,
                        [](const UsbInterface::Received&) { ADD_FAILURE() << "told"; });
    interface_.reset();
    settle();
}

TEST_F(UsbTransfer, EndsWithFailedWhenTheDeviceIsReset) {
    std::optional<UsbFault> fault;
    wait_for_ever([&](const UsbInterface::Received& got) {
        fault = got.error();
        loop_.stop(0);
    });
    EXPECT_TRUE(interface_->reset());
    EXPECT_FALSE(fault) << "told inside reset()";
    EXPECT_TRUE(runs());
    EXPECT_EQ(fault, UsbFault::Failed);
    EXPECT_TRUE(diary_has(device_, "reset"));
    EXPECT_TRUE(send({4}));
    EXPECT_EQ(receive(), Buffer{4});
}

// At every point of a conversation.
TEST_F(UsbTransfer, SurvivesUnpluggingAfterAnyNumberOfTransfers) {
    for (unsigned number = 0; number < 12; ++number) {
        {
            const std::lock_guard lock{table_.mutex};
            bus_.pull_after(device_, number);
        }
        unsigned done = 0;
        while (send({1}) && ++done < 100 && receive())
            ++done;
        EXPECT_EQ(done, number);
        bus_.unplug(device_);
        interface_.reset();
        settle();
        ASSERT_TRUE(bus_.plug(device_, "1-1"));
        while (usb_->devices().size() != 1) {
            usb_->on_change([this] { loop_.stop(0); });
            ASSERT_TRUE(runs());
        }
        interface_ = claim();
        ASSERT_NE(interface_, nullptr);
    }
}

}  // namespace
}  // namespace stile::devices
