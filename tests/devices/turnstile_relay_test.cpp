// SPDX-License-Identifier: Apache-2.0
// A turnstile at a relay board keeps the contract, however late the board answers.
#include <gtest/gtest.h>

#include "devices/turnstile/relay_board.hpp"
#include "devices/turnstile/wired_turnstile.hpp"
#include "tests/devices/turnstile_contract.hpp"
#include "tests/devices/turnstile_wiring.hpp"

namespace stile::devices::test {
namespace {

using namespace std::chrono_literals;
using Way = FakeRelay::Way;
using stile::test::listen;
using stile::test::listen_until;

struct Times {
    std::chrono::milliseconds patience = 20s;  // a busy machine makes nobody impatient
    std::chrono::milliseconds pulse = 30ms;
};

class RelayRig final : public TurnstileRig {
public:
    RelayRig(EventLoop& loop, Capabilities has, Times times)
        : loop_{loop}, has_{has}, times_{times} {
        make();
    }
    ~RelayRig() override {
        if (relay_.way() == Way::Hangs) relay_.go(Way::Unplugged);  // its thread ends
    }
    void make() {
        auto board =
            std::make_shared<RelayBoard>(loop_, RelayBoard::Options{.open = relay_.opener(),
                                                                    .patience = times_.patience,
                                                                    .look = 10ms,
                                                                    .back_off = {10ms, 40ms}});
        auto channels =
            std::make_unique<RelayChannels>(std::move(board), std::vector<std::uint8_t>{2, 3});
        std::vector<std::string> names{"outer"};
        std::vector<InputRole> roles{InputRole::Outer};
        if (has_.second_sensor) {
            names.emplace_back("inner");
            roles.push_back(InputRole::Inner);
        }
        turnstile_.emplace(
            loop_, std::move(channels),
            std::make_unique<GpioInputs>(
                loop_, std::make_unique<FakeLines>(chip_, std::move(names)),
                GpioInputs::Options{.roles = roles, .back_off = {10ms, 40ms}}),
            WiredTurnstile::Options{.exits = WiredTurnstile::Exits::Own, .pulse = times_.pulse});
    }
    [[nodiscard]] Turnstile& turnstile() override { return *turnstile_; }
    void walk(Direction direction) override { play_walk(play_, chip_, direction, has_); }
    void bounce() override { play_bounces(play_, chip_, 20); }
    void unplug() override { relay_.go(Way::Unplugged); }
    void plug_in() override { relay_.go(Way::Works); }

    EventLoop& loop_;
    Capabilities has_;
    Times times_;
    FakeChip chip_;
    FakeRelay relay_;
    Play play_{loop_};
    std::optional<WiredTurnstile> turnstile_;
};

RigMaker rig(std::string name, Capabilities has, Times times = {}) {
    return {std::move(name),
            [has, times](EventLoop& loop) { return std::make_unique<RelayRig>(loop, has, times); }};
}

INSTANTIATE_TEST_SUITE_P(Relay, TurnstileContract,
                         testing::Values(rig("Plain", {}),
                                         rig("TwoSensors", {.second_sensor = true})),
                         [](const auto& made) { return made.param.name; });

// Its board has done what it is told at the start: it was opened, and two channels are off.
class Relay : public TurnstileBench {
public:
    explicit Relay(Times times = {}) : TurnstileBench{rig("", {}, times)} {
        relay().await_reads(3);
    }
    RelayRig& rig_here() { return dynamic_cast<RelayRig&>(*rig_); }
    FakeRelay& relay() { return rig_here().relay_; }
    void unplug_board() {
        relay().go(Way::Unplugged);
        until([this] { return turnstile().trouble() == "not plugged in"; });
    }
};

TEST(RelayTurnstile, PulsesTheChannelOfTheDirection) {
    Relay it;
    ASSERT_TRUE(it.release(Direction::Exit));
    it.until([&] { return it.relay().pulses() == 1 && it.relay().states() == 0; });
    it.listen(60ms);
    EXPECT_EQ(it.relay().ever_on(), 0b100);
    EXPECT_EQ(it.relay().states(), 0);
    EXPECT_EQ(it.relay().pulses(), 1);
}

TEST(RelayTurnstile, NeverWaitsForABoardThatHangs) {
    Relay it{{.patience = 60ms}};
    it.relay().go(Way::Hangs);
    EXPECT_LT(it.quickest_release(), 50ms) << "nobody knows it yet";
    it.hear(Signal::Gone);
    EXPECT_FALSE(it.release());
    EXPECT_EQ(it.count(Signal::Gone), 1);
}

// The order of a release that is over must not open the turnstile for whoever stands there later.
TEST(RelayTurnstile, DoesNotDoLaterWhatItWasToldBeforeItHung) {
    Relay it{{.patience = 60ms}};
    it.relay().go(Way::Hangs);
    it.lock();
    it.relay().await_hanging();
    ASSERT_TRUE(it.release());
    it.hear(Signal::Gone);
    it.relay().go(Way::Works);
    it.hear(Signal::Back);
    it.listen(80ms);
    EXPECT_EQ(it.relay().pulses(), 0);
    EXPECT_EQ(it.relay().states(), 0);
    it.until([&] { return it.release().has_value(); });  // on a busy machine it is gone once more
}

// It hangs with the order inside, and carries it out in the end.
TEST(RelayBoardThread, EndsAtOnceWhatIsDoneTooLate) {
    EventLoop loop;
    FakeRelay relay;
    auto board = std::make_shared<RelayBoard>(
        loop, RelayBoard::Options{
                  .open = relay.opener(), .patience = 60ms, .look = 1h, .back_off = {1h, 1h}});
    RelayChannels channels{std::move(board), {1}};
    relay.await_reads(2);
    relay.go(Way::Hangs);
    ASSERT_TRUE(channels.set(0, Switch::On));
    relay.await_hanging();
    listen_until(loop, [&] { return channels.trouble() == "the relay board does not answer"; });
    relay.go(Way::Works);
    listen_until(loop, [&] { return relay.pulses() == 1 && relay.states() == 0; });
}

// A board and one channel of it, without a turnstile.
class RelayBoardAlone : public testing::Test {
protected:
    ~RelayBoardAlone() override { relay_.go(Way::Unplugged); }  // its thread ends
    void open(std::chrono::milliseconds patience) {
        channels_.emplace(
            std::make_shared<RelayBoard>(loop_, RelayBoard::Options{.open = relay_.opener(),
                                                                    .patience = patience,
                                                                    .look = 1h,
                                                                    .back_off = {10ms, 40ms}}),
            std::vector<std::uint8_t>{1});
        channels_->listen(
            {.switched = {}, .gone = [this] { ++gone_; }, .back = [this] { ++back_; }});
        relay_.await_reads(2);
    }
    // More orders than it can keep, while it has one in its hands.
    void flood() {
        relay_.go(Way::Hangs);
        ASSERT_TRUE(channels_->set(0, Switch::On));
        relay_.await_hanging();
        for (int i = 0; i < 64; ++i)
            ASSERT_TRUE(channels_->set(0, Switch::On));
        EXPECT_FALSE(channels_->set(0, Switch::Off));
    }

    EventLoop loop_;
    FakeRelay relay_;
    std::optional<RelayChannels> channels_;
    int gone_ = 0;
    int back_ = 0;
};

TEST_F(RelayBoardAlone, LosesNoOrderForGoodWhenItHasTooMany) {
    open(10s);
    flood();
    EXPECT_EQ(gone_, 0) << "told from inside a call";
    relay_.go(Way::Works);
    listen_until(loop_, [this] { return back_ > 0; });
    EXPECT_EQ(gone_, 1);
    EXPECT_EQ(back_, 1);
    EXPECT_EQ(relay_.states(), 0);
}

TEST_F(RelayBoardAlone, IsTriedAgainAlsoWhenItsOrdersAreStillUntouched) {
    open(10s);
    flood();
    listen(loop_, 150ms);
    EXPECT_EQ(gone_, 1);
    relay_.go(Way::Works);
    listen_until(loop_, [this] { return back_ > 0; });
    EXPECT_EQ(back_, 1);
}

// As in a commit that takes long.
TEST_F(RelayBoardAlone, IsNotGoneWhenOnlyItsListenerWasBusy) {
    open(60ms);
    for (int i = 0; i < 10; ++i) {
        const int before = relay_.reads();
        ASSERT_TRUE(channels_->set(0, i % 2 == 0 ? Switch::On : Switch::Off));
        relay_.await_reads(before + 1);
        std::binary_semaphore never{0};
        EXPECT_FALSE(never.try_acquire_for(80ms));
        listen(loop_, 2ms);
    }
    EXPECT_EQ(gone_, 0);
}

// To find it, another board was asked first, and that one is sick.
TEST(RelayBoardThread, IsFoundHoweverLongThatTakes) {
    EventLoop loop;
    FakeRelay relay;
    RelayChannels channels{std::make_shared<RelayBoard>(
                               loop, RelayBoard::Options{.open =
                                                             [open = relay.opener()] {
                                                                 std::binary_semaphore never{0};
                                                                 (void)never.try_acquire_for(150ms);
                                                                 return open();
                                                             },
                                                         .patience = 60ms,
                                                         .back_off = {10ms, 40ms}}),
                           {1}};
    bool back = false;
    channels.listen({.switched = {}, .gone = {}, .back = [&back] { back = true; }});
    listen_until(loop, [&] { return back; });
    EXPECT_TRUE(channels.set(0, Switch::On));
}

TEST(RelayTurnstile, IsGoneWhenARelayDoesNotDoAsItIsTold) {
    Relay it;
    it.relay().go(Way::Stuck);
    ASSERT_TRUE(it.release());
    it.hear(Signal::Gone);
    it.hear(Signal::Back);
}

TEST(RelayTurnstile, IsGoneWhenSomebodyElseSwitchesItsRelay) {
    Relay it;
    const auto stranger = it.relay().opener()().value();
    ASSERT_TRUE(stranger->set(2, Switch::On));
    it.hear(Signal::Gone);
    it.hear(Signal::Back);
    EXPECT_EQ(it.relay().states(), 0) << "and takes it back";
}

TEST(RelayTurnstile, LeavesTheRelaysOfOthersAlone) {
    Relay it;
    const auto stranger = it.relay().opener()().value();
    ASSERT_TRUE(stranger->set(8, Switch::On));
    it.listen(40ms);
    EXPECT_EQ(it.count(Signal::Gone), 0);
    EXPECT_EQ(it.relay().states(), 0b1000'0000);
}

TEST(RelayTurnstile, StartsWithoutItsBoardAndFindsItLater) {
    Relay it;
    it.rig_here().turnstile_.reset();
    it.relay().go(Way::Unplugged);
    it.rig_here().make();
    it.turnstile().on_signal([&it](Signal signal) { it.heard_.push_back(signal); });
    it.hear(Signal::Gone);
    it.relay().go(Way::Works);
    it.hear(Signal::Back);
    EXPECT_EQ(it.count(Signal::Gone), 1);
    EXPECT_TRUE(it.release());
}

TEST(RelayTurnstile, SwitchesOffWhatAnEarlierRunHasLeftOn) {
    Relay it;
    it.rig_here().turnstile_.reset();
    ASSERT_TRUE(it.relay().opener()().value()->set(2, Switch::On));
    it.rig_here().make();
    it.until([&] { return it.relay().states() == 0; });
}

TEST(RelayTurnstile, EndsARunningPulseAtItsEnd) {
    Relay it{{.pulse = 60s}};
    ASSERT_TRUE(it.release());
    it.until([&] { return it.relay().states() == 0b10; });
    it.rig_here().turnstile_.reset();
    it.until([&] { return it.relay().states() == 0; });
}

TEST(RelayTurnstile, IsGoneWhileItsSensorsAre) {
    Relay it;
    it.rig_here().chip_.unplug();
    it.hear(Signal::Gone);
    EXPECT_FALSE(it.release());
    EXPECT_TRUE(it.turnstile().open(Ways::Both)) << "in a fire it opens all the same";
    it.rig_here().chip_.plug_in();
    it.hear(Signal::Back);
    EXPECT_EQ(it.count(Signal::Gone), 1);
}

TEST(RelayTurnstile, OpensInAFireAsSoonAsItsBoardIsBackAlsoWithoutItsSensors) {
    Relay it;
    ASSERT_TRUE(it.turnstile().open(Ways::Both));
    it.until([&] { return it.relay().pulses() == 2; });
    it.rig_here().chip_.unplug();
    it.hear(Signal::Gone);
    it.unplug_board();
    it.relay().go(Way::Works);
    it.until([&] { return it.relay().pulses() == 4; });
    EXPECT_EQ(it.relay().states(), 0b110);
}

TEST(RelayTurnstile, OpensWhenItIsBackWhatItWasAskedToOpenMeanwhile) {
    Relay it;
    it.rig_here().chip_.unplug();
    it.unplug_board();
    EXPECT_FALSE(it.turnstile().open(Ways::Exit));
    it.relay().go(Way::Works);
    it.until([&] { return it.relay().states() == 0b100; });
}

TEST(RelayTurnstile, StaysShutWhenTheFireIsOverBeforeItsBoardIsBack) {
    Relay it;
    it.relay().go(Way::Unplugged);
    it.hear(Signal::Gone);
    EXPECT_FALSE(it.turnstile().open(Ways::Both));
    it.lock();
    it.relay().go(Way::Works);
    it.hear(Signal::Back);
    it.listen(40ms);
    EXPECT_EQ(it.relay().states(), 0);
}

}  // namespace
}  // namespace stile::devices::test
