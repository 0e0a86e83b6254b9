// SPDX-License-Identifier: Apache-2.0
// Where what a camera gives differs from what was asked of it.
#include "devices/camera/camera_mode.hpp"

#include <gtest/gtest.h>

namespace stile::devices {
namespace {

using namespace std::chrono_literals;

const GivenMode kGiven{.format = "MJPG", .width = 1280, .height = 720, .rate = 30, .exposure = 0us};

TEST(CameraMode, HasNothingToSayWhenTheWishesAreMet) {
    EXPECT_EQ(differences({}, kGiven), "");
    EXPECT_EQ(differences({.format = PixelWish::Mjpg}, kGiven), "");
}

TEST(CameraMode, HasNothingToSayOfASourceThatWasNotAsked) {
    EXPECT_EQ(differences({.format = PixelWish::Grey, .exposure = 5ms}, {}), "");
}

TEST(CameraMode, NamesEachDifference) {
    EXPECT_EQ(
        differences({.format = PixelWish::Grey, .width = 640, .height = 480, .rate = 60}, kGiven),
        "MJPG instead of grey, 1280 x 720 instead of 640 x 480, "
        "30 instead of 60 pictures a second");
}

TEST(CameraMode, ToleratesTheRatesOfTelevision) {
    GivenMode given = kGiven;
    given.rate = 29.97;
    EXPECT_EQ(differences({}, given), "");
}

TEST(CameraMode, TakesNoRateForAnyRate) {
    GivenMode given = kGiven;
    given.rate = 0;
    EXPECT_EQ(differences({}, given), "");
}

TEST(CameraMode, NamesAnExposureThatWasNotTaken) {
    GivenMode given = kGiven;
    EXPECT_EQ(differences({.exposure = 5ms}, given), "automatic exposure instead of 5000 us");
    given.exposure = 10ms;
    EXPECT_EQ(differences({.exposure = 5ms}, given), "10000 instead of 5000 us of exposure");
    given.exposure.reset();
    EXPECT_EQ(differences({.exposure = 5ms}, given), "an exposure that cannot be set");
}

TEST(CameraMode, KnowsThatExposureComesInSteps) {
    GivenMode given = kGiven;
    given.exposure = 5000us;
    EXPECT_EQ(differences({.exposure = 5099us}, given), "");
}

TEST(PixelWish, HasAWordForEach) {
    for (const auto wish : {PixelWish::Auto, PixelWish::Mjpg, PixelWish::Yuyv, PixelWish::Grey})
        EXPECT_EQ(pixel_wish(name_of(wish)), wish);
}

TEST(PixelWish, KnowsNoOtherWord) {
    EXPECT_EQ(pixel_wish("h264"), std::nullopt);
    EXPECT_EQ(pixel_wish("MJPG"), std::nullopt);
    EXPECT_EQ(pixel_wish(""), std::nullopt);
}

}  // namespace
}  // namespace stile::devices
