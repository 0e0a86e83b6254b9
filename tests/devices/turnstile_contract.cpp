// SPDX-License-Identifier: Apache-2.0
// The promises of every turnstile, one after the other.
#include "tests/devices/turnstile_contract.hpp"

namespace stile::devices::test {

TEST_P(TurnstileContract, TellsOnePassageAsOne) {
    ASSERT_TRUE(release());
    rig_->walk(Direction::Entry);
    if (turnstile().capabilities().second_sensor) {
        hear(Signal::InnerClear);
        EXPECT_EQ(passages(), (std::vector{Signal::OuterCovered, Signal::InnerCovered,
                                           Signal::OuterClear, Signal::InnerClear}));
    } else {
        hear(Signal::OuterClear);
        EXPECT_EQ(passages(), (std::vector{Signal::OuterCovered, Signal::OuterClear}));
    }
}

TEST_P(TurnstileContract, TellsTheDirectionIfItHasTwoSensors) {
    if (!turnstile().capabilities().second_sensor) return;
    ASSERT_TRUE(release(Direction::Exit));
    rig_->walk(Direction::Exit);
    hear(Signal::OuterClear);
    EXPECT_EQ(passages(), (std::vector{Signal::InnerCovered, Signal::OuterCovered,
                                       Signal::InnerClear, Signal::OuterClear}));
}

TEST_P(TurnstileContract, TellsNothingOfAContactThatChatters) {
    rig_->bounce();
    listen(std::chrono::milliseconds{100});
    EXPECT_TRUE(passages().empty());
}

TEST_P(TurnstileContract, TellsThatItsArmMovesIfItCan) {
    if (!turnstile().capabilities().arm_feedback) return;
    ASSERT_TRUE(release());
    hear(Signal::Unlocked);
    lock();
    hear(Signal::Locked);
    EXPECT_LT(std::ranges::find(heard_, Signal::Unlocked),
              std::ranges::find(heard_, Signal::Locked));
}

TEST_P(TurnstileContract, MayBeLockedAtAnyTime) {
    lock();
    lock();
    ASSERT_TRUE(release());
    lock();
    ASSERT_TRUE(release()) << "and released again";
}

TEST_P(TurnstileContract, MayBeReleasedTwice) {
    ASSERT_TRUE(release());
    ASSERT_TRUE(release());
}

TEST_P(TurnstileContract, StaysOpenForManyUntilItIsLocked) {
    ASSERT_TRUE(turnstile().open(Ways::Both));
    for (int i = 0; i < 3; ++i)
        rig_->walk(Direction::Entry);
    hear(turnstile().capabilities().second_sensor ? Signal::InnerClear : Signal::OuterClear, 3);
    EXPECT_EQ(count(Signal::OuterCovered), 3);
    lock();
}

TEST_P(TurnstileContract, SaysOnceThatItIsGoneAndOnceThatItIsBack) {
    rig_->unplug();
    hear(Signal::Gone);
    rig_->plug_in();
    hear(Signal::Back);
    EXPECT_EQ(count(Signal::Gone), 1);
    EXPECT_EQ(count(Signal::Back), 1);
    EXPECT_TRUE(release());
}

TEST_P(TurnstileContract, ReleasesAndOpensNothingWhileItIsGone) {
    rig_->unplug();
    hear(Signal::Gone);
    const auto released = release();
    ASSERT_FALSE(released);
    EXPECT_TRUE(released.error().code == Errc::Closed || released.error().code == Errc::Io);
    EXPECT_FALSE(turnstile().open(Ways::Both));
    lock();
    rig_->walk(Direction::Entry);
    listen(std::chrono::milliseconds{100});
    EXPECT_TRUE(passages().empty());
}

TEST_P(TurnstileContract, NeedsNobodyToListen) {
    turnstile().on_signal({});
    ASSERT_TRUE(release());
    rig_->walk(Direction::Entry);
    listen(std::chrono::milliseconds{50});
    EXPECT_TRUE(heard_.empty());
}

}  // namespace stile::devices::test
