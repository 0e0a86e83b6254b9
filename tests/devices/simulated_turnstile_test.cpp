// SPDX-License-Identifier: Apache-2.0
// The simulated turnstile keeps the contract, and each of its troubles shows as what it is.
#include "devices/turnstile/simulated_turnstile.hpp"

#include "tests/devices/turnstile_contract.hpp"

namespace stile::devices::test {
namespace {

using namespace std::chrono_literals;

class SimulatedRig final : public TurnstileRig {
public:
    SimulatedRig(EventLoop& loop, Capabilities has)
        : turnstile_{loop, {.passage = 40ms, .trouble = Trouble::NobodyPasses, .has = has}} {}
    [[nodiscard]] Turnstile& turnstile() override { return turnstile_; }
    void walk(Direction direction) override { turnstile_.walk(direction); }
    void bounce() override { turnstile_.bounce(); }
    void unplug() override { turnstile_.unplug(); }
    void plug_in() override { turnstile_.plug_in(); }

private:
    SimulatedTurnstile turnstile_;
};

RigMaker rig(std::string name, Capabilities has) {
    return {std::move(name),
            [has](EventLoop& loop) { return std::make_unique<SimulatedRig>(loop, has); }};
}

INSTANTIATE_TEST_SUITE_P(
    Simulated, TurnstileContract,
    testing::Values(rig("Plain", {}), rig("TwoSensors", {.second_sensor = true}),
                    rig("Feedback", {.second_sensor = true, .arm_feedback = true})),
    [](const auto& made) { return made.param.name; });

// The same, with one trouble and its own people.
class TroubleRig final : public TurnstileRig {
public:
    TroubleRig(EventLoop& loop, Trouble trouble)
        : turnstile_{
              loop,
              {.passage = 20ms,
               .trouble = trouble,
               .has = {.second_sensor = trouble == Trouble::ReverseWalker, .arm_feedback = true},
               .relay = 60ms}} {}
    [[nodiscard]] Turnstile& turnstile() override { return turnstile_; }
    void walk(Direction direction) override { turnstile_.walk(direction); }
    void bounce() override { turnstile_.bounce(); }
    void unplug() override { turnstile_.unplug(); }
    void plug_in() override { turnstile_.plug_in(); }

private:
    SimulatedTurnstile turnstile_;
};

class Troubled : public TurnstileBench {
public:
    explicit Troubled(Trouble trouble)
        : TurnstileBench{{"", [trouble](EventLoop& loop) {
                              return std::make_unique<TroubleRig>(loop, trouble);
                          }}} {}
};

TEST(SimulatedTrouble, LetsNobodyPassAnOpenArm) {
    Troubled it{Trouble::NobodyPasses};
    ASSERT_TRUE(it.release());
    it.hear(Signal::Unlocked);
    it.listen(100ms);
    EXPECT_EQ(it.heard_, std::vector{Signal::Unlocked});
}

TEST(SimulatedTrouble, HearsNothingOfAStuckArm) {
    Troubled it{Trouble::StuckArm};
    ASSERT_TRUE(it.release());
    it.listen(100ms);
    EXPECT_TRUE(it.heard_.empty());
}

TEST(SimulatedTrouble, SendsATailgaterThroughALockedArm) {
    Troubled it{Trouble::Tailgater};
    ASSERT_TRUE(it.release());
    it.hear(Signal::OuterClear);
    it.lock();
    it.hear(Signal::OuterClear, 2);
    EXPECT_EQ(it.count(Signal::OuterCovered), 2);
}

TEST(SimulatedTrouble, SeesAReverseWalkerAtTheInnerSensorFirst) {
    Troubled it{Trouble::ReverseWalker};
    ASSERT_TRUE(it.release());
    it.hear(Signal::OuterClear);
    EXPECT_EQ(it.passages().front(), Signal::InnerCovered);
}

TEST(SimulatedTrouble, HearsABouncingSensorOnceAPassage) {
    Troubled it{Trouble::BouncingSensor};
    ASSERT_TRUE(it.release());
    it.hear(Signal::OuterClear);
    it.listen(50ms);
    EXPECT_EQ(it.passages(), (std::vector{Signal::OuterCovered, Signal::OuterClear}));
}

TEST(SimulatedTrouble, KeepsAStuckSensorCovered) {
    Troubled it{Trouble::StuckSensor};
    ASSERT_TRUE(it.release());
    it.hear(Signal::OuterCovered);
    it.listen(100ms);
    EXPECT_EQ(it.count(Signal::OuterClear), 0);
}

TEST(SimulatedTrouble, LosesTheDeviceAtAReleaseAndFindsItAgain) {
    Troubled it{Trouble::DeviceGone};
    EXPECT_FALSE(it.release());
    it.hear(Signal::Back);
    EXPECT_EQ(it.heard_, (std::vector{Signal::Gone, Signal::Back}));
    EXPECT_TRUE(it.release());
}

TEST(SimulatedTrouble, MovesALateArmAfterThePersonHasCome) {
    Troubled it{Trouble::LateRelay};
    ASSERT_TRUE(it.release());
    it.hear(Signal::Unlocked);
    EXPECT_EQ(it.count(Signal::OuterCovered), 1);
}

// Several turnstiles on one loop, somebody in each, and a machine that does something else for a
// moment.
std::vector<std::vector<Signal>> heard_of_a_busy_machine(Trouble trouble) {
    constexpr std::size_t kTurnstiles = 8;
    EventLoop loop;
    std::vector<std::unique_ptr<SimulatedTurnstile>> turnstiles;
    std::vector<std::vector<Signal>> heard(kTurnstiles);
    for (std::vector<Signal>& signals : heard) {
        turnstiles.push_back(std::make_unique<SimulatedTurnstile>(
            loop, SimulatedTurnstile::Options{.passage = 20ms, .trouble = trouble}));
        turnstiles.back()->on_signal([&signals](Signal signal) { signals.push_back(signal); });
        turnstiles.back()->walk(Direction::Entry);
    }
    const EventSource busy = loop.after(12ms, [] {
        const auto end = std::chrono::steady_clock::now() + 40ms;
        while (std::chrono::steady_clock::now() < end) {
        }
    });
    stile::test::listen(loop, 300ms);
    stile::test::listen_until(loop, [&] {
        return std::ranges::all_of(heard, [](const std::vector<Signal>& signals) {
            return std::ranges::count(signals, Signal::OuterClear) > 0;
        });
    });
    return heard;
}

TEST(SimulatedTurnstile, LosesNobodyWhenTheMachineIsBusy) {
    for (const auto& heard : heard_of_a_busy_machine(Trouble::None))
        EXPECT_EQ(heard, (std::vector{Signal::OuterCovered, Signal::OuterClear}));
}

TEST(SimulatedTurnstile, BouncesAsOftenWhenTheMachineIsBusy) {
    for (const auto& heard : heard_of_a_busy_machine(Trouble::BouncingSensor))
        EXPECT_EQ(heard, (std::vector{Signal::OuterCovered, Signal::OuterClear}));
}

}  // namespace
}  // namespace stile::devices::test
