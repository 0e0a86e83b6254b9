// SPDX-License-Identifier: Apache-2.0
// What a reader says of its own health.
#include "devices/reader/health_meter.hpp"

#include <gtest/gtest.h>

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using protocol::ReaderState;

// A picture of which nobody could complain.
constexpr PictureLook kGood{.mean = 120, .darkest = 20, .brightest = 230};

void see(HealthMeter& meter, HealthMeter::Time now, std::chrono::microseconds took = 3ms) {
    meter.frame_decoded(now, took, kGood, CameraWatch::Code::None);
}

TEST(HealthMeter, StartsAsStarting) {
    EXPECT_EQ(HealthMeter{}.state(0s), ReaderState::Starting);
    EXPECT_EQ(HealthMeter{}.take(0s).detail, "");
}

TEST(HealthMeter, IsStillStartingBeforeTheFirstFrame) {
    HealthMeter meter;
    meter.source_open({});
    EXPECT_EQ(meter.state(60s), ReaderState::Starting);
}

TEST(HealthMeter, WorksWhileFramesCome) {
    HealthMeter meter;
    see(meter, 10s);
    EXPECT_EQ(meter.state(13s), ReaderState::Working);
    EXPECT_EQ(meter.take(13s).detail, "");
}

TEST(HealthMeter, IsDegradedWhenFramesStayAway) {
    HealthMeter meter;
    see(meter, 10s);
    EXPECT_EQ(meter.state(14s), ReaderState::Degraded);
    EXPECT_EQ(meter.take(14s).detail, "wedged: the camera is open and sends no picture");
}

TEST(HealthMeter, IsDegradedWhenTheSourceIsStuck) {
    HealthMeter meter;
    see(meter, 10s);
    meter.source_stuck("/dev/video0: no frame for 2 s");
    EXPECT_EQ(meter.state(10s), ReaderState::Degraded);
    EXPECT_EQ(meter.take(10s).detail, "wedged: /dev/video0: no frame for 2 s");
}

TEST(HealthMeter, HasFailedWhenTheSourceIsLost) {
    HealthMeter meter;
    see(meter, 10s);
    meter.source_lost("/dev/video0: the camera is gone");
    EXPECT_EQ(meter.state(10s), ReaderState::Failed);
    EXPECT_EQ(meter.take(10s).detail, "unplugged: /dev/video0: the camera is gone");
}

TEST(HealthMeter, IsDegradedWhenThePictureIsDark) {
    HealthMeter meter;
    see(meter, 10s);
    for (const auto now : {11s, 12s, 13s})
        meter.frame_decoded(now, 3ms, {.brightest = 10}, CameraWatch::Code::None);
    EXPECT_EQ(meter.state(13s), ReaderState::Degraded);
    EXPECT_EQ(meter.take(13s).detail, "dark: the picture is too dark");
}

TEST(HealthMeter, RecoversWithTheSource) {
    HealthMeter meter;
    meter.source_lost("gone");
    see(meter, 20s);
    EXPECT_EQ(meter.state(20s), ReaderState::Failed);
    see(meter, 21s);
    EXPECT_EQ(meter.take(21s).state, ReaderState::Working);
    EXPECT_EQ(meter.take(21s).detail, "");
}

TEST(HealthMeter, ForgetsAnOldReasonWhenItWorksAgain) {
    HealthMeter meter;
    meter.source_lost("gone");
    see(meter, 20s);
    see(meter, 21s);
    EXPECT_EQ(meter.reason(30s), "the camera is open and sends no picture");
}

TEST(HealthMeter, AddsWhatTheCameraGivesOtherwise) {
    HealthMeter meter;
    meter.source_open("gives 640 x 480 instead of 1280 x 720");
    see(meter, 1s);
    EXPECT_EQ(meter.take(1s).detail, "gives 640 x 480 instead of 1280 x 720");
}

TEST(HealthMeter, CountsSinceTheLastMessageOnly) {
    HealthMeter meter;
    see(meter, 1s, 3ms);
    see(meter, 1s, 5ms);
    see(meter, 1s, 4ms);
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
    see(meter, 10s);
    meter.frames_lost(1, 0, 0);
    meter.frames_lost(2, 0, 0);
    EXPECT_FALSE(meter.decoder_stands_still(20s));
    EXPECT_TRUE(meter.decoder_stands_still(21s));
}

// The counts come every two seconds, so some of a frame's own time come after it.
TEST(HealthMeter, DoesNotTakeALostCameraForAStandingDecoder) {
    HealthMeter meter;
    meter.frames_lost(1, 0, 0);
    see(meter, 10s);
    meter.frames_lost(5, 0, 0);
    meter.source_lost("unplugged");
    meter.frames_lost(5, 0, 0);
    EXPECT_FALSE(meter.decoder_stands_still(100s));
}

TEST(HealthMeter, DoesNotTakeASilentCameraForAStandingDecoder) {
    HealthMeter meter;
    meter.frames_lost(5, 0, 0);
    see(meter, 10s);
    EXPECT_FALSE(meter.decoder_stands_still(100s));
}

}  // namespace
}  // namespace stile::devices
