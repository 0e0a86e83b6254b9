// SPDX-License-Identifier: Apache-2.0
// What the doctor measures, and the advice that follows from it.
#include "devices/reader/examination.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "devices/camera/sharpness.hpp"
#include "tests/devices/fixtures.hpp"

namespace stile::devices {
namespace {

using namespace testing;

// The mean of a square of pixels, as a lens out of focus makes it.
Frame blurred(const Frame& sharp, int radius) {
    Frame out = sharp;
    for (int y = radius; y + radius < sharp.height; ++y) {
        for (int x = radius; x + radius < sharp.width; ++x) {
            int sum = 0;
            for (int i = -radius; i <= radius; ++i)
                for (int j = -radius; j <= radius; ++j)
                    sum += sharp.luma[static_cast<std::size_t>((y + i) * sharp.stride + x + j)];
            out.luma[static_cast<std::size_t>(y * out.stride + x)] =
                static_cast<std::uint8_t>(sum / ((2 * radius + 1) * (2 * radius + 1)));
        }
    }
    return out;
}

TEST(Sharpness, IsHighForCrispPrint) {
    EXPECT_GE(sharpness_of(frame_with_code("SHARP")).value(), 90);
}

TEST(Sharpness, FallsWithBlur) {
    const Frame sharp = frame_with_code("SHARP");
    EXPECT_LT(sharpness_of(blurred(sharp, 6)).value(), kBlurred);
    EXPECT_GT(sharpness_of(blurred(sharp, 1)).value(), kBlurred);
}

TEST(Sharpness, IsUnknownWithoutContrast) {
    EXPECT_EQ(sharpness_of(empty_frame()), std::nullopt);
    EXPECT_EQ(sharpness_of(Frame{}), std::nullopt);
    EXPECT_EQ(sharpness_of(Frame{1, 1}), std::nullopt);
}

Frame at(Frame frame, std::int64_t milliseconds) {
    frame.captured_ns = milliseconds * 1'000'000;
    return frame;
}

const std::vector<Code> kCode{{Buffer(58), "text"}};

TEST(Examination, MeasuresTheRate) {
    Examination examination{"cam", {}};
    for (int i = 0; i <= 10; ++i)
        examination.saw(at(frame_with_code("A"), 1000 + 40 * i), {});
    EXPECT_DOUBLE_EQ(examination.findings().pictures_a_second, 25);
}

TEST(Examination, KnowsNoRateOfOnePicture) {
    Examination examination{"cam", {}};
    examination.saw(at(frame_with_code("A"), 1000), kCode);
    const Findings found = examination.findings();
    EXPECT_EQ(found.pictures_a_second, 0);
    EXPECT_EQ(found.condition, Condition::Ok);
    EXPECT_EQ(found.pictures_with_code, 1U);
    EXPECT_EQ(found.code_bytes, 58U);
}

TEST(Examination, NamesATroubleAfterOnePicture) {
    Examination examination{"cam", {}};
    examination.saw(at(Frame{640, 480}, 1000), {});
    EXPECT_EQ(examination.findings().condition, Condition::Dark);
}

TEST(Examination, NamesAFrozenCameraAfterThreeSeconds) {
    Examination examination{"cam", {}};
    for (int i = 0; i < 32; ++i)
        examination.saw(at(frame_with_code("A"), 1000 + 100 * i), kCode);
    EXPECT_EQ(examination.findings().condition, Condition::Frozen);
}

TEST(Examination, CountsWhatIsDamaged) {
    Examination examination{"cam", {}};
    examination.lost_one();
    Frame frame = at(frame_with_code("A"), 1000);
    frame.damaged = true;
    examination.saw(frame, {});
    EXPECT_EQ(examination.findings().damaged, 2U);
    EXPECT_EQ(examination.findings().pictures, 1U);
}

TEST(Examination, TellsAnUnpluggedCameraFromASilentOne) {
    Examination gone{"cam", {}};
    gone.failed({Errc::NotFound, "no such camera"});
    EXPECT_EQ(gone.findings().condition, Condition::Unplugged);
    Examination silent{"cam", {}};
    silent.failed({Errc::Timeout, "no picture"});
    EXPECT_EQ(silent.findings().condition, Condition::Wedged);
}

Findings good() {
    Findings found;
    found.source = "/dev/video0";
    found.given = {.format = "MJPG", .width = 1280, .height = 720, .rate = 30};
    found.width = 1280;
    found.height = 720;
    found.pictures = 150;
    found.pictures_a_second = 29.9;
    found.look = {.mean = 120, .darkest = 20, .brightest = 230, .noise = 150};
    found.sharpness = 60;
    found.pictures_with_code = 140;
    found.condition = Condition::Ok;
    return found;
}

// The only sentence of advice, or how many there are.
std::string only_advice(const Findings& found) {
    const auto sentences = advice(found);
    return sentences.size() == 1 ? sentences[0] : std::to_string(sentences.size()) + " sentences";
}

TEST(Advice, HasNoneForAGoodCamera) {
    EXPECT_TRUE(advice(good()).empty());
}

TEST(Advice, HasASentenceForEachTrouble) {
    const std::pair<Condition, std::string_view> rows[] = {
        {Condition::Wedged, "The camera is open and sends no pictures"},
        {Condition::Dark, "The picture is too dark: "},
        {Condition::Overexposed, "The picture is too bright: "},
        {Condition::Covered, "The picture has only one shade: "},
        {Condition::Frozen, "The picture does not change"},
        {Condition::Starting, "No picture came."}};
    for (const auto& [condition, begin] : rows) {
        Findings found = good();
        found.condition = condition;
        EXPECT_TRUE(only_advice(found).starts_with(begin)) << only_advice(found);
    }
}

TEST(Advice, SpeaksOfBlurNoiseAndDamage) {
    Findings found = good();
    found.sharpness = 10;
    EXPECT_TRUE(only_advice(found).starts_with("The picture is not sharp"));
    found = good();
    found.look.noise = 900;
    EXPECT_TRUE(only_advice(found).starts_with("The picture is noisy"));
    found = good();
    found.damaged = 20;
    EXPECT_TRUE(only_advice(found).starts_with("20 pictures arrived damaged"));
}

TEST(Advice, SpeaksOfASlowCamera) {
    Findings found = good();
    found.pictures_a_second = 7.5;
    EXPECT_TRUE(only_advice(found).starts_with("Only 7.5 pictures a second"));
    found.pictures_a_second = 15;
    EXPECT_TRUE(only_advice(found).starts_with("The camera promises 30 pictures a second"));
}

TEST(Advice, SpeaksOfASmallPicture) {
    Findings found = good();
    found.width = 320;
    found.height = 240;
    EXPECT_TRUE(only_advice(found).starts_with("320 x 240 pixels are few"));
}

TEST(Advice, SpeaksOfADifferentMode) {
    Findings found = good();
    found.asked.width = 1920;
    EXPECT_TRUE(only_advice(found).starts_with("The camera gives 1280 x 720 instead of 1920"));
}

TEST(Advice, AsksForATicketWhenNoneWasRead) {
    Findings found = good();
    found.pictures_with_code = 0;
    EXPECT_TRUE(only_advice(found).starts_with("No code was read"));
}

TEST(Advice, SaysWhatToDoAboutACameraThatCannotBeOpened) {
    Findings found;
    found.source = "/dev/video0";
    found.condition = Condition::Unplugged;
    found.failure = Error{Errc::NotFound, "no such camera"};
    EXPECT_TRUE(only_advice(found).starts_with("There is nothing at that name."));
    found.failure = Error{Errc::Denied, "no permission"};
    EXPECT_TRUE(only_advice(found).starts_with("You may not use this camera."));
    found.failure = Error{Errc::Io, "busy"};
    EXPECT_TRUE(only_advice(found).starts_with("Perhaps another program uses the camera."));
    found.source = "rtsp://cam/1";
    EXPECT_TRUE(only_advice(found).starts_with("The camera cannot be reached"));
}

}  // namespace
}  // namespace stile::devices
