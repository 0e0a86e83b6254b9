// SPDX-License-Identifier: Apache-2.0
// The pure parts of the camera path: buffers, sizes, names, text, pace, lists.
#include <gtest/gtest.h>

#include "devices/camera/camera_list.hpp"
#include "devices/camera/luma.hpp"
#include "devices/camera/pace.hpp"
#include "devices/camera/picture_files.hpp"
#include "devices/camera/picture_size.hpp"
#include "devices/camera/utf8.hpp"
#include "tests/devices/fixtures.hpp"

namespace stile::devices {
namespace {

using namespace std::chrono_literals;
using testing::TempFolder;
using testing::write_file;

TEST(Luma, TakesEveryOtherByteOfYuyv) {
    const Buffer raw{10, 128, 20, 128, 30, 128, 40, 128};
    const auto frame = luma_from(PixelFormat::Yuyv, raw, 2, 2);
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(frame->luma, (std::vector<std::uint8_t>{10, 20, 30, 40}));
    EXPECT_EQ(frame->stride, 2);
}

TEST(Luma, TakesTheSameBytesOfALongBuffer) {
    Buffer raw(std::size_t{2} * 37 * 3);
    for (std::size_t i = 0; i < raw.size(); ++i)
        raw[i] = static_cast<std::uint8_t>(i);
    const auto frame = luma_from(PixelFormat::Yuyv, raw, 37, 3);
    ASSERT_TRUE(frame.has_value());
    for (std::size_t i = 0; i < frame->luma.size(); ++i)
        ASSERT_EQ(frame->luma[i], raw[2 * i]) << i;
}

TEST(Luma, CopiesGrey) {
    const Buffer raw{1, 2, 3, 4, 5, 6};
    const auto frame = luma_from(PixelFormat::LumaFirst, raw, 3, 2);
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(frame->luma, raw);
}

TEST(Luma, LeavesTheColourPlanesOfNv12Out) {
    const Buffer raw{1, 2, 3, 4, 99, 99};
    const auto frame = luma_from(PixelFormat::LumaFirst, raw, 2, 2);
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(frame->luma, (std::vector<std::uint8_t>{1, 2, 3, 4}));
}

TEST(Luma, RefusesABufferThatIsOneByteShort) {
    EXPECT_EQ(luma_from(PixelFormat::Yuyv, Buffer(7), 2, 2).error().code, Errc::Invalid);
    EXPECT_EQ(luma_from(PixelFormat::LumaFirst, Buffer(3), 2, 2).error().code, Errc::Invalid);
}

TEST(Luma, RefusesAFrameWithoutPixels) {
    EXPECT_FALSE(luma_from(PixelFormat::LumaFirst, {}, 0, 5));
    EXPECT_FALSE(luma_from(PixelFormat::LumaFirst, {}, -1, 5));
}

TEST(Luma, RefusesAFrameThatIsTooLarge) {
    EXPECT_FALSE(luma_from(PixelFormat::LumaFirst, {}, 2'000'000'000, 2));
}

Result<PictureSize> size_of(std::string_view hex) {
    return picture_size(from_hex(hex).value());
}

constexpr std::string_view kPng = "89504e470d0a1a0a0000000d4948445200000500000002d0";
// APP0 with two bytes, a fill byte, then SOF0 of 480 x 640.
constexpr std::string_view kJpeg = "ffd8ffe00004aabbffffc0000b0801e00280010111";

TEST(PictureSize, ReadsPng) {
    EXPECT_EQ(size_of(kPng).value(), (PictureSize{1280, 720}));
}

TEST(PictureSize, ReadsJpegBehindOtherSegments) {
    EXPECT_EQ(size_of(kJpeg).value(), (PictureSize{640, 480}));
}

TEST(PictureSize, ReadsBmpUpsideDownOrNot) {
    const std::string head = "424d" + std::string(32, '0');
    EXPECT_EQ(size_of(head + "40010000f0000000").value(), (PictureSize{320, 240}));
    EXPECT_EQ(size_of(head + "4001000010ffffff").value(), (PictureSize{320, 240}));
}

TEST(PictureSize, ReadsPgmWithComments) {
    EXPECT_EQ(picture_size(as_bytes("P5 # made by hand\n640\t480\n255\n")).value(),
              (PictureSize{640, 480}));
}

TEST(PictureSize, RefusesAnEmptyFile) {
    EXPECT_EQ(picture_size({}).error().code, Errc::Invalid);
}

TEST(PictureSize, RefusesWhatIsNoPicture) {
    EXPECT_EQ(picture_size(as_bytes("GIF89a......")).error().code, Errc::Unsupported);
    EXPECT_EQ(picture_size(as_bytes("#!/bin/sh")).error().code, Errc::Unsupported);
}

TEST(PictureSize, RefusesEveryTruncatedHead) {
    for (const std::string_view whole : {kPng, kJpeg.substr(0, 34)}) {
        for (std::size_t length = 0; length < whole.size(); length += 2)
            ASSERT_FALSE(size_of(whole.substr(0, length))) << length;
    }
}

TEST(PictureSize, RefusesAJpegWithPixelsBeforeItsHead) {
    EXPECT_FALSE(size_of("ffd8ffda0004aabb"));
}

TEST(PictureSize, RefusesAJpegSegmentOfNoLength) {
    EXPECT_FALSE(size_of("ffd8ffe00000ffc0000b0801e00280"));
}

TEST(PictureSize, RefusesAPictureWithoutPixels) {
    EXPECT_FALSE(picture_size(as_bytes("P5 0 480 255\n")));
}

TEST(PictureSize, RefusesAPgmWithoutNumbers) {
    EXPECT_FALSE(picture_size(as_bytes("P5 wide high")));
    EXPECT_FALSE(picture_size(as_bytes("P5 # only a comment")));
}

TEST(PictureSize, RefusesMoreThan24Megapixels) {
    const auto size = picture_size(as_bytes("P5 60000 60000 255\n"));
    ASSERT_FALSE(size);
    EXPECT_EQ(size.error().context, "60000 x 60000 pixels are more than 24 million");
}

TEST(PictureSize, RefusesSidesWhoseProductOverflows) {
    EXPECT_FALSE(size_of("89504e470d0a1a0a0000000d49484452ffffffffffffffff"));
}

TEST(NaturalOrder, CountsRunsOfDigits) {
    EXPECT_TRUE(natural_less("frame9.png", "frame10.png"));
    EXPECT_FALSE(natural_less("frame10.png", "frame9.png"));
    EXPECT_TRUE(natural_less("a2b10", "a2b11"));
}

TEST(NaturalOrder, DoesNotMindLeadingZerosOrLength) {
    EXPECT_TRUE(natural_less("f007", "f8"));
    EXPECT_TRUE(natural_less("f99999999999999999999998", "f99999999999999999999999"));
}

TEST(NaturalOrder, PutsAPrefixFirst) {
    EXPECT_TRUE(natural_less("frame", "frame1"));
    EXPECT_FALSE(natural_less("same", "same"));
}

TEST(PictureFiles, ListsPicturesOnlyInNaturalOrder) {
    const TempFolder folder;
    for (const char* name : {"f10.png", "f9.JPG", "notes.txt", "f1.pgm"})
        write_file(folder / name, "");
    const auto files = picture_files(folder.path());
    ASSERT_TRUE(files.has_value());
    ASSERT_EQ(files->size(), 3U);
    EXPECT_EQ((*files)[0].filename(), "f1.pgm");
    EXPECT_EQ((*files)[1].filename(), "f9.JPG");
    EXPECT_EQ((*files)[2].filename(), "f10.png");
}

TEST(PictureFiles, RefusesAFolderWithoutPictures) {
    const TempFolder folder;
    write_file(folder / "notes.txt", "");
    EXPECT_EQ(picture_files(folder.path()).error().code, Errc::NotFound);
}

TEST(PictureFiles, RefusesAFolderThatIsNotThere) {
    EXPECT_EQ(picture_files("/nowhere/at/all").error().code, Errc::NotFound);
}

TEST(WellFormedUtf8, KeepsGoodText) {
    EXPECT_EQ(well_formed_utf8("Zürich 東京 \U0001F3AB"), "Zürich 東京 \U0001F3AB");
}

TEST(WellFormedUtf8, ReplacesBadBytes) {
    EXPECT_EQ(well_formed_utf8("a\xFFz"), "a\uFFFDz");
    EXPECT_EQ(well_formed_utf8("\xC3"), "\uFFFD");
    EXPECT_EQ(well_formed_utf8("\xC3(\xC3\xBC"), "\uFFFD(ü");
}

TEST(Pace, KeepsItsBeat) {
    Pace pace{10ms};
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 6; ++i)
        ASSERT_TRUE(pace.wait({}));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 50ms);
}

TEST(Pace, EndsAtOnceWhenAskedToStop) {
    Pace pace{1h};
    std::stop_source stop;
    ASSERT_TRUE(pace.wait(stop.get_token()));
    stop.request_stop();
    EXPECT_FALSE(pace.wait(stop.get_token()));
}

TEST(CameraList, ReadsNodesAndNamesInOrder) {
    const TempFolder sysfs;
    for (const char* node : {"video10", "video2", "v4l-subdev0"})
        std::filesystem::create_directory(sysfs / node);
    write_file(sysfs / "video2/name", "Front camera\n");
    EXPECT_EQ(list_cameras(sysfs.path()),
              (std::vector<Camera>{{"/dev/video2", "Front camera"}, {"/dev/video10", ""}}));
}

TEST(CameraList, IsEmptyWhereTheKernelKnowsNone) {
    EXPECT_TRUE(list_cameras("/nowhere/at/all").empty());
}

}  // namespace
}  // namespace stile::devices
