// SPDX-License-Identifier: Apache-2.0
// What a scanner's reader says of itself.
#include <gtest/gtest.h>

#include "devices/reader/scan_health.hpp"

namespace stile::devices {
namespace {

using protocol::ReaderState;

TEST(ScanHealth, StartsAndThenWorks) {
    ScanHealth health;
    EXPECT_EQ(health.take().state, ReaderState::Starting);
    health.ready();
    EXPECT_EQ(health.take().state, ReaderState::Working);
    EXPECT_EQ(health.take().detail, "");
}

TEST(ScanHealth, FailsWhileTheScannerIsAway) {
    ScanHealth health;
    health.note("a note");
    health.trouble("it was unplugged");
    EXPECT_EQ(health.take().state, ReaderState::Failed);
    EXPECT_EQ(health.take().detail, "it was unplugged");
    health.ready();
    EXPECT_EQ(health.take().state, ReaderState::Working);
}

TEST(ScanHealth, IsDegradedWhileThereIsANote) {
    ScanHealth health;
    health.ready();
    health.note("the scanner's keyboard layout does not fit: it types as de");
    EXPECT_EQ(health.take().state, ReaderState::Degraded);
    EXPECT_EQ(health.take().detail, "the scanner's keyboard layout does not fit: it types as de");
    health.note("");
    EXPECT_EQ(health.take().state, ReaderState::Working);
}

TEST(ScanHealth, CountsWhatHappenedSinceTheLastTime) {
    ScanHealth health;
    health.ready();
    health.code_read();
    health.code_read();
    health.code_dropped();
    health.lost({.too_long = 1, .spoiled = 2});
    const auto first = health.take();
    EXPECT_EQ(first.codes, 2U);
    EXPECT_EQ(first.dropped, 4U);
    EXPECT_EQ(first.detail, "1 codes too long; 2 codes not read whole; 1 codes not passed on");
    const auto second = health.take();
    EXPECT_EQ(second.codes, 0U);
    EXPECT_EQ(second.dropped, 0U);
    EXPECT_EQ(second.detail, "");
}

TEST(ScanHealth, KeepsItsDetailShort) {
    ScanHealth health;
    health.trouble(std::string(199, 'x') + "\xC3\xBC");
    EXPECT_EQ(health.take().detail, std::string(199, 'x'));
}

}  // namespace
}  // namespace stile::devices
