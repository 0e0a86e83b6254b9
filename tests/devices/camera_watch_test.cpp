// SPDX-License-Identifier: Apache-2.0
// The names of a camera's health: when each begins, when it ends, and that none flaps.
#include "devices/camera/camera_watch.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace stile::devices {
namespace {

using namespace std::chrono_literals;

constexpr PictureLook kGood{.mean = 120, .darkest = 20, .brightest = 230};
constexpr PictureLook kDarkLook{.mean = 10, .darkest = 2, .brightest = 39};
constexpr PictureLook kWhiteLook{
    .mean = 240, .darkest = 100, .brightest = 255, .percent_white = 60};
constexpr PictureLook kPlainLook{.mean = 128, .darkest = 120, .brightest = 139};
constexpr PictureLook kSameLook{
    .mean = 120, .darkest = 20, .brightest = 230, .noise = 0, .changed = false};

// Shows pictures to a watch, ten a second.
class Show {
public:
    Condition look(const PictureLook& picture, std::chrono::milliseconds time,
                   CameraWatch::Code code = CameraWatch::Code::None) {
        for (const auto end = now_ + time; now_ < end; now_ += 100ms)
            watch_.saw(now_, picture, code);
        return watch_.condition(now_);
    }
    Condition nothing(std::chrono::milliseconds time) {
        now_ += time;
        return watch_.condition(now_);
    }
    CameraWatch& watch() { return watch_; }
    [[nodiscard]] CameraWatch::Time now() const { return now_; }

private:
    CameraWatch watch_;
    CameraWatch::Time now_ = 1000s;
};

struct Trouble {
    PictureLook look;
    Condition condition;
};
const Trouble kTroubles[] = {{kDarkLook, Condition::Dark},
                             {kWhiteLook, Condition::Overexposed},
                             {kPlainLook, Condition::Covered}};

TEST(CameraWatch, IsStartingBeforeAnything) {
    EXPECT_EQ(CameraWatch{}.condition(60s), Condition::Starting);
}

TEST(CameraWatch, IsOkWithTheFirstGoodPicture) {
    Show show;
    EXPECT_EQ(show.look(kGood, 100ms), Condition::Ok);
}

TEST(CameraWatch, NamesAPictureTroubleAfterTwoSeconds) {
    for (const Trouble& trouble : kTroubles) {
        Show show;
        (void)show.look(kGood, 1s);
        EXPECT_EQ(show.look(trouble.look, 2000ms), Condition::Ok);
        EXPECT_EQ(show.look(trouble.look, 100ms), trouble.condition);
    }
}

TEST(CameraWatch, NamesATroubleThatIsThereFromTheStart) {
    for (const Trouble& trouble : kTroubles) {
        Show show;
        EXPECT_EQ(show.look(trouble.look, 2100ms), trouble.condition);
    }
}

TEST(CameraWatch, IsOkAgainAfterASecondOfGoodPictures) {
    for (const Trouble& trouble : kTroubles) {
        Show show;
        (void)show.look(trouble.look, 3s);
        EXPECT_EQ(show.look(kGood, 1000ms), trouble.condition);
        EXPECT_EQ(show.look(kGood, 100ms), Condition::Ok);
    }
}

TEST(CameraWatch, GoesFromOneTroubleToAnother) {
    Show show;
    EXPECT_EQ(show.look(kDarkLook, 3s), Condition::Dark);
    EXPECT_EQ(show.look(kWhiteLook, 3s), Condition::Overexposed);
}

TEST(CameraWatch, DoesNotMindAMomentOfDarkness) {
    Show show;
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(show.look(kGood, 500ms), Condition::Ok);
        EXPECT_EQ(show.look(kDarkLook, 1900ms), Condition::Ok);
    }
}

TEST(CameraWatch, StaysAsItIsBetweenTheTwoLimits) {
    const PictureLook dim{.mean = 30, .darkest = 5, .brightest = 48};
    Show show;
    EXPECT_EQ(show.look(dim, 10s), Condition::Ok);
    (void)show.look(kDarkLook, 3s);
    EXPECT_EQ(show.look(dim, 10s), Condition::Dark);
}

TEST(CameraWatch, DoesNotFlapWhenTheLightHoversAtTheLimit) {
    std::mt19937 random{7};
    Show show;
    (void)show.look(kGood, 1s);
    int changes = 0;
    Condition was = Condition::Ok;
    for (int i = 0; i < 36'000; ++i) {  // an hour
        const int shade = 34 + static_cast<int>(random() % 12);
        const Condition is = show.look({.darkest = 0, .brightest = shade}, 100ms);
        if (is != was) ++changes;
        was = is;
    }
    EXPECT_LE(changes, 1);
}

TEST(CameraWatch, TakesAPictureWithACodeForAGoodOne) {
    for (const Trouble& trouble : kTroubles) {
        Show show;
        EXPECT_EQ(show.look(trouble.look, 10s, CameraWatch::Code::Read), Condition::Ok);
    }
}

TEST(CameraWatch, IsFrozenAfterTenSecondsOfTheSamePicture) {
    Show show;
    (void)show.look(kGood, 1s);
    EXPECT_EQ(show.look(kSameLook, 9900ms), Condition::Ok);
    EXPECT_EQ(show.look(kSameLook, 300ms), Condition::Frozen);
}

TEST(CameraWatch, IsFrozenEvenWithACodeInView) {
    Show show;
    EXPECT_EQ(show.look(kSameLook, 11s, CameraWatch::Code::Read), Condition::Frozen);
}

TEST(CameraWatch, IsNotFrozenWhenOnePictureInAHundredDiffers) {
    Show show;
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(show.look(kSameLook, 9900ms), Condition::Ok);
        EXPECT_EQ(show.look(kGood, 100ms), Condition::Ok);
    }
}

TEST(CameraWatch, IsNotFrozenByAFewSlowPictures) {
    CameraWatch watch;
    for (int i = 0; i < 9; ++i)
        watch.saw(i * 2s, kSameLook, CameraWatch::Code::None);
    EXPECT_EQ(watch.condition(16s), Condition::Ok);
}

TEST(CameraWatch, ThawsWhenThePictureChangesAgain) {
    Show show;
    (void)show.look(kSameLook, 12s);
    EXPECT_EQ(show.look(kGood, 1100ms), Condition::Ok);
}

TEST(CameraWatch, CallsAFrozenBlackPictureDark) {
    PictureLook black = kDarkLook;
    black.changed = false;
    Show show;
    EXPECT_EQ(show.look(black, 20s), Condition::Dark);
}

TEST(CameraWatch, IsWedgedWhenNoPictureComesForThreeSeconds) {
    Show show;
    (void)show.look(kGood, 1s);
    EXPECT_EQ(show.nothing(2900ms), Condition::Ok);
    EXPECT_EQ(show.nothing(200ms), Condition::Wedged);
}

TEST(CameraWatch, IsWedgedAtOnceWhenTheSourceSaysSo) {
    Show show;
    (void)show.look(kGood, 1s);
    show.watch().stuck();
    EXPECT_EQ(show.watch().condition(show.now()), Condition::Wedged);
}

TEST(CameraWatch, IsUnpluggedAsLongAsItIsLost) {
    Show show;
    (void)show.look(kGood, 1s);
    show.watch().lost();
    EXPECT_EQ(show.nothing(1h), Condition::Unplugged);
}

TEST(CameraWatch, ComesBackAfterASecondOfPictures) {
    for (const bool unplugged : {true, false}) {
        Show show;
        unplugged ? show.watch().lost() : show.watch().stuck();
        EXPECT_NE(show.look(kGood, 1000ms), Condition::Ok);
        EXPECT_EQ(show.look(kGood, 100ms), Condition::Ok);
    }
}

TEST(CameraWatch, DoesNotComeBackForOnePictureNowAndThen) {
    Show show;
    for (int i = 0; i < 20; ++i) {
        (void)show.look(kGood, 500ms);
        show.watch().stuck();
        EXPECT_EQ(show.nothing(2s), Condition::Wedged);
    }
}

TEST(CameraWatch, NeedsARecoveryAfterASilenceThatNobodyReported) {
    Show show;
    (void)show.look(kGood, 1s);
    (void)show.nothing(4s);
    EXPECT_EQ(show.look(kGood, 500ms), Condition::Wedged);
    EXPECT_EQ(show.look(kGood, 700ms), Condition::Ok);
}

TEST(CameraWatch, HasANameAndASentenceForEachTrouble) {
    EXPECT_EQ(name_of(Condition::Starting), "starting");
    EXPECT_EQ(sentence_of(Condition::Ok), "");
    for (const auto condition : {Condition::Unplugged, Condition::Wedged, Condition::Dark,
                                 Condition::Overexposed, Condition::Covered, Condition::Frozen}) {
        EXPECT_FALSE(name_of(condition).empty());
        EXPECT_FALSE(sentence_of(condition).empty());
    }
}

Frame of_shade(std::uint8_t shade) {
    Frame frame{640, 480};
    std::ranges::fill(frame.luma, shade);
    return frame;
}

TEST(PictureGauge, MeasuresShades) {
    PictureGauge gauge;
    const PictureLook look = gauge.look(of_shade(200));
    EXPECT_EQ(look.mean, 200);
    EXPECT_EQ(look.darkest, 200);
    EXPECT_EQ(look.brightest, 200);
    EXPECT_EQ(look.percent_white, 0);
}

TEST(PictureGauge, FindsTheShadesOfHalves) {
    Frame frame = of_shade(10);
    std::fill(frame.luma.begin() + 640 * 240, frame.luma.end(), 250);
    const PictureLook look = PictureGauge{}.look(frame);
    EXPECT_EQ(look.darkest, 10);
    EXPECT_EQ(look.brightest, 250);
    EXPECT_EQ(look.mean, 130);
    EXPECT_EQ(look.percent_white, 50);
}

TEST(PictureGauge, KnowsNoChangeBeforeTheSecondPicture) {
    PictureGauge gauge;
    EXPECT_EQ(gauge.look(of_shade(9)).noise, std::nullopt);
    EXPECT_FALSE(gauge.look(of_shade(9)).changed);
    EXPECT_EQ(gauge.look(of_shade(9)).noise, 0);
}

TEST(PictureGauge, MeasuresNoiseBesideMotion) {
    PictureGauge gauge;
    (void)gauge.look(of_shade(100));
    Frame frame = of_shade(103);
    std::fill(frame.luma.begin(), frame.luma.begin() + 640 * 100, 250);  // somebody walks in
    const PictureLook look = gauge.look(frame);
    EXPECT_TRUE(look.changed);
    EXPECT_EQ(look.noise, 300);
}

TEST(PictureGauge, DoesNotComparePicturesOfDifferentSizes) {
    PictureGauge gauge;
    (void)gauge.look(of_shade(9));
    EXPECT_EQ(gauge.look(Frame{320, 240}).noise, std::nullopt);
}

TEST(PictureGauge, SurvivesTheSmallestPictures) {
    EXPECT_EQ(PictureGauge{}.look(Frame{}).mean, 0);
    EXPECT_EQ(PictureGauge{}.look(Frame{1, 1}).mean, 0);
}

TEST(PictureGauge, HeedsTheStride) {
    Frame frame{64, 36};
    frame.stride = 100;
    frame.luma.assign(std::size_t{100} * 36, 255);
    for (std::size_t y = 0; y < 36; ++y)
        std::fill_n(frame.luma.begin() + static_cast<std::ptrdiff_t>(100 * y), 64, 7);
    EXPECT_EQ(PictureGauge{}.look(frame).brightest, 7);
}

}  // namespace
}  // namespace stile::devices
