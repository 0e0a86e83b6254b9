// SPDX-License-Identifier: Apache-2.0
// What a reader says of its own health.
#include "devices/reader/health_meter.hpp"

#include <gtest/gtest.h>

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using protocol::ReaderState;

TEST(HealthMeter, StartsAsStarting) {
    EXPECT_EQ(HealthMeter{}.state(0s), ReaderState::Starting);
}

TEST(HealthMeter, IsStillStartingBeforeTheFirstFrame) {
    HealthMeter meter;
    meter.source_open();
    EXPECT_EQ(meter.state(60s), ReaderState::Starting);
}

TEST(HealthMeter, WorksWhileFramesCome) {
    HealthMeter meter;
    meter.source_open();
    meter.frame_decoded(10s, 3ms);
    EXPECT_EQ(meter.state(13s), ReaderState::Working);
}

TEST(HealthMeter, IsDegradedWhenFramesStayAway) {
    HealthMeter meter;
    meter.source_open();
    meter.frame_decoded(10s, 3ms);
    EXPECT_EQ(meter.state(14s), ReaderState::Degraded);
    EXPECT_EQ(meter.take(14s).detail, "no frame for 4 s");
}

TEST(HealthMeter, IsDegradedWhenTheSourceIsStuck) {
    HealthMeter meter;
    meter.frame_decoded(10s, 3ms);
    meter.source_stuck("/dev/video0: no frame for 2 s");
    EXPECT_EQ(meter.state(10s), ReaderState::Degraded);
    EXPECT_EQ(meter.take(10s).detail, "/dev/video0: no frame for 2 s");
}

TEST(HealthMeter, HasFailedWhenTheSourceIsLost) {
    HealthMeter meter;
    meter.frame_decoded(10s, 3ms);
    meter.source_lost("unplugged");
    EXPECT_EQ(meter.state(10s), ReaderState::Failed);
}

TEST(HealthMeter, RecoversWithTheSource) {
    HealthMeter meter;
    meter.source_lost("unplugged");
    meter.source_open();
    meter.frame_decoded(20s, 3ms);
    EXPECT_EQ(meter.take(20s).state, ReaderState::Working);
    EXPECT_EQ(meter.take(20s).detail, "");
}

TEST(HealthMeter, CountsSinceTheLastMessageOnly) {
    HealthMeter meter;
    meter.source_open();
    meter.frame_decoded(1s, 3ms);
    meter.frame_decoded(1s, 5ms);
    meter.frame_decoded(1s, 4ms);
    meter.code_read();
    meter.code_dropped();
    meter.frames_lost(4, 2, 1);
    const auto first = meter.take(1s);
    EXPECT_EQ(first.frames, 3U);
    EXPECT_EQ(first.codes, 1U);
    EXPECT_EQ(first.dropped, 8U);
    EXPECT_EQ(first.decode_us, 4000U);
    EXPECT_EQ(
        first.detail,
        "4 frames replaced; 2 frames damaged; 1 results without a place; 1 codes not passed on");
    meter.frames_lost(5, 2, 1);
    const auto second = meter.take(1s);
    EXPECT_EQ(second.frames, 0U);
    EXPECT_EQ(second.dropped, 1U);
    EXPECT_EQ(second.decode_us, 0U);
}

TEST(HealthMeter, CutsALongDetail) {
    HealthMeter meter;
    meter.source_lost(std::string(1000, 'x'));
    EXPECT_EQ(meter.take(0s).detail.size(), 200U);
}

TEST(HealthMeter, SeesADecoderThatStandsStill) {
    HealthMeter meter;
    meter.source_open();
    meter.frame_decoded(10s, 3ms);
    meter.frames_lost(1, 0, 0);
    EXPECT_FALSE(meter.decoder_stands_still(20s));
    EXPECT_TRUE(meter.decoder_stands_still(21s));
}

TEST(HealthMeter, DoesNotTakeASilentCameraForAStandingDecoder) {
    HealthMeter meter;
    meter.frames_lost(5, 0, 0);
    meter.frame_decoded(10s, 3ms);
    EXPECT_FALSE(meter.decoder_stands_still(100s));
}

}  // namespace
}  // namespace stile::devices
