// SPDX-License-Identifier: Apache-2.0
// A turnstile at GPIO lines keeps the contract, and each way in which lines fail has its answer.
#include "devices/turnstile/gpio_outputs.hpp"
#include "devices/turnstile/wired_turnstile.hpp"
#include "tests/devices/turnstile_contract.hpp"
#include "tests/devices/turnstile_wiring.hpp"

namespace stile::devices::test {
namespace {

using namespace std::chrono_literals;
using Drive = WiredTurnstile::Drive;
using Exits = WiredTurnstile::Exits;

constexpr BackOff kSoon{10ms, 40ms};

struct Wiring {
    WiredTurnstile::Options options{.pulse = 30ms};
    Capabilities has;
    std::vector<InputRole> more;  // fire, tamper
};

class GpioRig final : public TurnstileRig {
public:
    GpioRig(EventLoop& loop, const Wiring& wiring) : loop_{loop}, wiring_{wiring} {
        chip_.follow("release", "arm");
        make();
    }
    void make() {
        turnstile_.emplace(
            loop_,
            std::make_unique<GpioOutputs>(
                loop_,
                std::make_unique<FakeLines>(chip_, std::vector<std::string>{"release", "exit"}),
                kSoon),
            inputs(), wiring_.options);
    }
    [[nodiscard]] Turnstile& turnstile() override { return *turnstile_; }
    void walk(Direction direction) override { play_walk(play_, chip_, direction, wiring_.has); }
    void bounce() override { play_bounces(play_, chip_, 20); }
    void unplug() override { chip_.unplug(); }
    void plug_in() override { chip_.plug_in(); }

    EventLoop& loop_;
    Wiring wiring_;
    FakeChip chip_;
    Play play_{loop_};
    std::optional<WiredTurnstile> turnstile_;

private:
    [[nodiscard]] std::unique_ptr<GpioInputs> inputs() {
        std::vector<std::string> names;
        std::vector<InputRole> roles;
        const auto add = [&](bool there, std::string name, InputRole role) {
            if (!there) return;
            names.push_back(std::move(name));
            roles.push_back(role);
        };
        add(true, "outer", InputRole::Outer);
        add(wiring_.has.second_sensor, "inner", InputRole::Inner);
        add(wiring_.has.arm_feedback, "arm", InputRole::Arm);
        for (const InputRole role : wiring_.more)
            add(true, role == InputRole::Fire ? "fire" : "tamper", role);
        return std::make_unique<GpioInputs>(
            loop_, std::make_unique<FakeLines>(chip_, std::move(names)),
            GpioInputs::Options{.roles = roles, .slow_settle = 20ms, .back_off = kSoon});
    }
};

RigMaker rig(std::string name, Wiring wiring) {
    return {std::move(name),
            [wiring](EventLoop& loop) { return std::make_unique<GpioRig>(loop, wiring); }};
}

INSTANTIATE_TEST_SUITE_P(
    Gpio, TurnstileContract,
    testing::Values(rig("Pulse", {}), rig("TwoSensors", {.has = {.second_sensor = true}}),
                    rig("Level", {.options = {.drive = Drive::Level, .exits = Exits::Own},
                                  .has = {.second_sensor = true, .arm_feedback = true}})),
    [](const auto& made) { return made.param.name; });

class Gpio : public TurnstileBench {
public:
    explicit Gpio(Wiring wiring = {}) : TurnstileBench{rig("", std::move(wiring))} {}
    GpioRig& rig_here() { return dynamic_cast<GpioRig&>(*rig_); }
    FakeChip& chip() { return rig_here().chip_; }
    Result<void> release_for(std::uint8_t people) {
        return turnstile().release(grant(), {.people = people, .hold = 8s});
    }
};

TEST(GpioTurnstile, PulsesOnceForEachPerson) {
    Gpio it;
    ASSERT_TRUE(it.release_for(3));
    it.until([&] {
        return it.chip().pulses("release") == 3 && it.chip().level("release") == Switch::Off;
    });
    it.listen(80ms);
    EXPECT_EQ(it.chip().pulses("release"), 3);
    EXPECT_EQ(it.chip().pulses("exit"), 0);
    EXPECT_EQ(it.chip().level("release"), Switch::Off);
}

TEST(GpioTurnstile, EndsItsPulsesWhenItIsLocked) {
    Gpio it;
    ASSERT_TRUE(it.release_for(5));
    it.listen(40ms);
    const int before = it.chip().pulses("release");
    it.lock();
    EXPECT_EQ(it.chip().level("release"), Switch::Off);
    it.listen(150ms);
    EXPECT_EQ(it.chip().pulses("release"), before);
}

// Its controller would take two pulses without a rest between them for one.
TEST(GpioTurnstile, RestsBetweenThePulsesOfTwoReleases) {
    Gpio it{{.options = {.pulse = 60s}}};
    ASSERT_TRUE(it.release_for(1));
    it.lock();
    ASSERT_TRUE(it.release_for(1));
    EXPECT_EQ(it.chip().level("release"), Switch::Off) << "it has not said that it is off";
    it.listen(50ms);
    ASSERT_TRUE(it.release_for(1));
    EXPECT_EQ(it.chip().level("release"), Switch::Off);
}

TEST(GpioTurnstile, PulsesAgainWhenItHasRested) {
    Gpio it;
    for (int guest = 1; guest <= 3; ++guest) {
        ASSERT_TRUE(it.release_for(1));
        while (it.chip().pulses("release") < guest)
            it.listen(10ms);
        it.lock();
        it.listen(10ms);
    }
    EXPECT_EQ(it.chip().pulses("release"), 3);
}

TEST(GpioTurnstile, DoesNotRestBeforeItOpensForEverybody) {
    Gpio it{{.options = {.pulse = 200ms}}};
    ASSERT_TRUE(it.release_for(1));
    it.lock();
    ASSERT_TRUE(it.turnstile().open(Ways::Both));
    EXPECT_EQ(it.chip().level("release"), Switch::On);
}

TEST(GpioTurnstile, LetsOutThroughAnOutputOfItsOwn) {
    Gpio it{{.options = {.drive = Drive::Level, .exits = Exits::Own}}};
    ASSERT_TRUE(it.release(Direction::Exit));
    EXPECT_EQ(it.chip().level("exit"), Switch::On);
    EXPECT_EQ(it.chip().level("release"), Switch::Off);
}

TEST(GpioTurnstile, HoldsALevelUntilItIsLocked) {
    Gpio it{{.options = {.drive = Drive::Level, .pulse = 5ms}}};
    ASSERT_TRUE(it.release());
    it.listen(60ms);
    EXPECT_EQ(it.chip().level("release"), Switch::On);
    it.lock();
    EXPECT_EQ(it.chip().level("release"), Switch::Off);
}

TEST(GpioTurnstile, OpensOnlyTheWaysThatItIsTold) {
    Gpio it{{.options = {.exits = Exits::Own}}};
    ASSERT_TRUE(it.turnstile().open(Ways::Exit));
    EXPECT_EQ(it.chip().level("release"), Switch::Off);
    EXPECT_EQ(it.chip().level("exit"), Switch::On);
    ASSERT_TRUE(it.turnstile().open(Ways::Both));
    it.listen(60ms);
    EXPECT_EQ(it.chip().level("release"), Switch::On) << "for longer than a pulse";
}

TEST(GpioTurnstile, IsGoneWhenALineDoesNotDoAsItIsTold) {
    Gpio it;
    it.chip().jam("release");
    EXPECT_FALSE(it.release());
    it.hear(Signal::Gone);
    it.hear(Signal::Back);
    it.chip().jam("");
    EXPECT_TRUE(it.release());
}

// As seen at a real kernel: the outputs of a chip that was away and is back worked no more.
TEST(GpioTurnstile, TakesItsOutputsAgainWhenOnlyItsInputsHaveHeardThatTheyWereGone) {
    Gpio it;
    it.listen(20ms);
    it.chip().unplug_quietly("outer");
    it.hear(Signal::Gone);
    it.chip().plug_in();
    it.hear(Signal::Back);
    EXPECT_TRUE(it.release());
    EXPECT_EQ(it.count(Signal::Gone), 1);
}

TEST(GpioTurnstile, StartsWithoutItsChipAndFindsItLater) {
    Gpio it;
    it.chip().unplug();
    it.rig_here().make();
    it.turnstile().on_signal([&it](Signal signal) { it.heard_.push_back(signal); });
    it.hear(Signal::Gone);
    EXPECT_FALSE(it.release());
    it.listen(150ms);
    EXPECT_LT(it.chip().openings(), 20) << "it waits longer each time";
    it.chip().plug_in();
    it.hear(Signal::Back);
    EXPECT_EQ(it.count(Signal::Gone), 1);
}

TEST(GpioTurnstile, TellsWhoStandsThereWhenItStarts) {
    Gpio it;
    it.chip().drive("outer", Switch::On);
    it.rig_here().make();
    it.turnstile().on_signal([&it](Signal signal) { it.heard_.push_back(signal); });
    it.hear(Signal::OuterCovered);
}

TEST(GpioTurnstile, TellsAgainWhoStandsThereWhenItIsBack) {
    Gpio it;
    it.chip().drive("outer", Switch::On);
    it.hear(Signal::OuterCovered);
    it.rig_->unplug();
    it.hear(Signal::Gone);
    it.rig_->plug_in();
    it.hear(Signal::OuterCovered, 2);
}

TEST(GpioTurnstile, HearsAStormOfAKilohertzAsNobodyAndThePersonAfterItAsOne) {
    Gpio it;
    play_bounces(it.rig_here().play_, it.chip(), 500);
    it.rig_->walk(Direction::Entry);
    it.hear(Signal::OuterClear);
    EXPECT_EQ(it.passages(), (std::vector{Signal::OuterCovered, Signal::OuterClear}));
}

// The gate thread was in a commit all the time; it reads one line after the other.
TEST(GpioTurnstile, TellsWhoPassedWhileNobodyListened) {
    Gpio it{{.has = {.second_sensor = true}}};
    it.listen(10ms);
    const auto now = FakeChip::Clock::now();
    it.chip().drive("outer", Switch::On, now - 500ms);
    it.chip().drive("outer", Switch::Off, now - 300ms);
    it.chip().drive("inner", Switch::On, now - 400ms);
    it.chip().drive("inner", Switch::Off, now - 200ms);
    it.hear(Signal::InnerClear);
    EXPECT_EQ(it.passages(), (std::vector{Signal::OuterCovered, Signal::InnerCovered,
                                          Signal::OuterClear, Signal::InnerClear}));
}

TEST(GpioTurnstile, DoesNotTakeASparkForSomebodyWhileNobodyListened) {
    Gpio it;
    it.listen(10ms);
    const auto now = FakeChip::Clock::now();
    it.chip().drive("outer", Switch::On, now - 500ms);
    it.chip().drive("outer", Switch::Off, now - 497ms);
    it.listen(20ms);
    EXPECT_TRUE(it.passages().empty());
}

TEST(GpioTurnstile, TellsFireAndAnOpenHousing) {
    Gpio it{{.more = {InputRole::Fire, InputRole::Tamper}}};
    it.chip().drive("fire", Switch::On);
    it.chip().drive("tamper", Switch::On);
    it.hear(Signal::FireOn);
    it.hear(Signal::TamperOpened);
    it.chip().drive("fire", Switch::Off);
    it.hear(Signal::FireOff);
}

TEST(GpioTurnstile, DoesNotTakeASparkForFire) {
    Gpio it{{.more = {InputRole::Fire}}};
    it.listen(10ms);
    const auto now = FakeChip::Clock::now();
    it.chip().drive("fire", Switch::On, now - 9ms);
    it.chip().drive("fire", Switch::Off, now - 1ms);
    it.listen(80ms);
    EXPECT_TRUE(it.heard_.empty());
}

TEST(GpioTurnstile, TellsAFireThatEndedWhileItsChipWasGone) {
    Gpio it{{.more = {InputRole::Fire}}};
    it.chip().drive("fire", Switch::On);
    it.hear(Signal::FireOn);
    it.rig_->unplug();
    it.hear(Signal::Gone);
    EXPECT_EQ(it.count(Signal::FireOff), 0) << "nobody has said that it is over";
    it.chip().drive("fire", Switch::Off);
    it.rig_->plug_in();
    it.hear(Signal::FireOff);
}

TEST(GpioTurnstile, OpensInAFireAlsoWithoutItsSensors) {
    Gpio it;
    it.chip().unplug();
    it.hear(Signal::Gone);
    EXPECT_FALSE(it.turnstile().open(Ways::Both)) << "nor its outputs";
    it.chip().plug_in();
    it.hear(Signal::Back);
    EXPECT_TRUE(it.turnstile().open(Ways::Both));
}

TEST(GpioTurnstile, LocksAtItsEndUnlessItIsOpenForEverybody) {
    Gpio it{{.options = {.drive = Drive::Level}}};
    ASSERT_TRUE(it.release());
    it.rig_here().turnstile_.reset();
    EXPECT_EQ(it.chip().level("release"), Switch::Off);
    it.rig_here().make();
    ASSERT_TRUE(it.turnstile().open(Ways::Both));
    it.rig_here().turnstile_.reset();
    EXPECT_EQ(it.chip().level("release"), Switch::On) << "there may be fire";
}

}  // namespace
}  // namespace stile::devices::test
