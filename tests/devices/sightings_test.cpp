// SPDX-License-Identifier: Apache-2.0
// One code held in view is one scan.
#include "devices/camera/sightings.hpp"

#include <string>

#include <gtest/gtest.h>

namespace stile::devices {
namespace {

using namespace std::chrono_literals;

Sighting see(Sightings& sightings, std::string_view content, std::chrono::nanoseconds now) {
    return sightings.see(as_bytes(content), now);
}

TEST(Sightings, TakesTheFirstSightAsNew) {
    Sightings sightings{1s};
    EXPECT_EQ(see(sightings, "A", 0ns), Sighting::New);
}

TEST(Sightings, HoldsACodeThatStaysInView) {
    Sightings sightings{1s};
    (void)see(sightings, "A", 0ns);
    for (auto now = 33ms; now < 60s; now += 33ms)
        ASSERT_EQ(see(sightings, "A", now), Sighting::Held);
}

TEST(Sightings, HoldsACodeThatIsMissedForLessThanTheHoldOff) {
    Sightings sightings{1s};
    (void)see(sightings, "A", 0ns);
    EXPECT_EQ(see(sightings, "A", 999ms), Sighting::Held);
}

TEST(Sightings, TakesACodeThatWasAwayForTheHoldOffAsNew) {
    Sightings sightings{1s};
    (void)see(sightings, "A", 0ns);
    EXPECT_EQ(see(sightings, "A", 1s), Sighting::New);
}

TEST(Sightings, CountsTheHoldOffFromTheLastSight) {
    Sightings sightings{1s};
    (void)see(sightings, "A", 0ns);
    (void)see(sightings, "A", 900ms);
    EXPECT_EQ(see(sightings, "A", 1800ms), Sighting::Held);
}

TEST(Sightings, KeepsTwoCodesApart) {
    Sightings sightings{1s};
    (void)see(sightings, "A", 0ns);
    EXPECT_EQ(see(sightings, "B", 10ms), Sighting::New);
    EXPECT_EQ(see(sightings, "A", 20ms), Sighting::Held);
}

TEST(Sightings, DoesNotTakeAPrefixForTheCode) {
    Sightings sightings{1s};
    (void)see(sightings, "AB", 0ns);
    EXPECT_EQ(see(sightings, "A", 1ms), Sighting::New);
}

TEST(Sightings, TakesAForgottenCodeAsNew) {
    Sightings sightings{1s};
    (void)see(sightings, "A", 0ns);
    sightings.forget(as_bytes("A"));
    EXPECT_EQ(see(sightings, "A", 33ms), Sighting::New);
    EXPECT_EQ(see(sightings, "A", 66ms), Sighting::Held);
}

TEST(Sightings, IgnoresAForgetOfAnUnknownCode) {
    Sightings sightings{1s};
    (void)see(sightings, "A", 0ns);
    sightings.forget(as_bytes("B"));
    EXPECT_EQ(see(sightings, "A", 33ms), Sighting::Held);
}

TEST(Sightings, ForgetsTheOldestWhenMemoryIsFull) {
    Sightings sightings{1s};
    for (std::size_t i = 0; i <= Sightings::kMemory; ++i)
        ASSERT_EQ(see(sightings, std::to_string(i), 1ms * i), Sighting::New);
    EXPECT_EQ(see(sightings, "1", 100ms), Sighting::Held);
    EXPECT_EQ(see(sightings, "0", 101ms), Sighting::New);
}

TEST(Sightings, TakesATimeBeforeTheLastOneForTheLastOne) {
    Sightings sightings{1s};
    (void)see(sightings, "A", 10s);
    EXPECT_EQ(see(sightings, "B", 1s), Sighting::New);
    EXPECT_EQ(see(sightings, "B", 10500ms), Sighting::Held);
}

}  // namespace
}  // namespace stile::devices
