// SPDX-License-Identifier: Apache-2.0
// JPEG packets as cameras send them, good and bad.
#include "devices/camera/jpeg/jpeg.hpp"

#include <random>

#include <gtest/gtest.h>

#include "devices/camera/opencv/picture.hpp"
#include "devices/camera/zxing/zxing_decoder.hpp"
#include "tests/devices/film.hpp"
#include "tests/devices/fixtures.hpp"

namespace stile::devices {
namespace {

using namespace testing;

// Where a segment begins (its FF byte), or npos.
std::size_t find_segment(const Buffer& jpeg, std::uint8_t marker) {
    const std::string_view both{"\xFF"};
    return as_text(jpeg).find(std::string{both} + static_cast<char>(marker));
}

// Some cameras leave the Huffman tables out of every picture, to save 400 bytes.
Buffer without_huffman_tables(Buffer jpeg) {
    for (std::size_t at = find_segment(jpeg, 0xC4); at != std::string::npos;
         at = find_segment(jpeg, 0xC4)) {
        const auto begin = jpeg.begin() + static_cast<std::ptrdiff_t>(at);
        jpeg.erase(begin, begin + 2 + (begin[2] << 8 | begin[3]));
    }
    return jpeg;
}

std::string text_of(const Result<Frame>& frame) {
    if (!frame) return frame.error().context;
    const auto codes = ZxingDecoder{}.decode(*frame).value();
    return codes.empty() ? "" : codes[0].text;
}

TEST(Jpeg, IsDecodedToBrightness) {
    const auto frame = decode_jpeg(jpeg_of(frame_with_code("CODE")));
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(frame->width, 640);
    EXPECT_EQ(frame->height, 480);
    EXPECT_FALSE(frame->damaged);
    EXPECT_EQ(text_of(frame), "CODE");
}

TEST(Jpeg, IsReadWithoutItsHuffmanTables) {
    const Buffer whole = jpeg_of(frame_with_code("CODE"));
    const Buffer bare = without_huffman_tables(whole);
    ASSERT_LT(bare.size(), whole.size());
    EXPECT_EQ(text_of(decode_jpeg(bare)), "CODE");
}

TEST(Jpeg, GivesWhatIsLeftOfACutOffPictureAndMarksIt) {
    Buffer jpeg = jpeg_of(frame_with_code("CODE"));
    jpeg.resize(jpeg.size() * 9 / 10);
    ::testing::internal::CaptureStderr();
    const auto frame = decode_jpeg(jpeg);
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
    ASSERT_TRUE(frame.has_value());
    EXPECT_TRUE(frame->damaged);
    EXPECT_EQ(text_of(frame), "CODE");
}

TEST(Jpeg, RefusesNothingAndNonsense) {
    EXPECT_EQ(decode_jpeg({}).error().code, Errc::Invalid);
    EXPECT_EQ(decode_jpeg(Buffer{0xFF, 0xD8}).error().code, Errc::Invalid);
    EXPECT_EQ(decode_jpeg(Buffer(1000, 0x55)).error().code, Errc::Invalid);
}

TEST(Jpeg, RefusesAHeadWithoutAPicture) {
    Buffer jpeg = jpeg_of(empty_frame());
    jpeg.resize(find_segment(jpeg, 0xC0));
    EXPECT_EQ(decode_jpeg(jpeg).error().code, Errc::Invalid);
}

TEST(Jpeg, RefusesAHugePictureBeforeItTakesMemory) {
    Buffer jpeg = jpeg_of(empty_frame());
    const std::size_t head = find_segment(jpeg, 0xC0);
    for (std::size_t i = 5; i < 9; ++i)
        jpeg[head + i] = 0xFF;  // 65,535 x 65,535
    EXPECT_EQ(decode_jpeg(jpeg).error().code, Errc::Invalid);
    EXPECT_EQ(decode_picture(jpeg).error().code, Errc::Invalid);
}

TEST(Jpeg, SurvivesAnyDamageWithoutAWord) {
    const Buffer whole = jpeg_of(frame_with_code("CODE"));
    std::mt19937 random{1};
    ::testing::internal::CaptureStderr();
    int damaged = 0;
    for (int round = 0; round < 300; ++round) {
        Buffer jpeg = whole;
        for (int i = 0; i < 20; ++i)
            jpeg[random() % jpeg.size()] = static_cast<std::uint8_t>(random());
        const auto frame = decode_jpeg(jpeg);
        if (!frame || frame->damaged) ++damaged;
    }
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
    EXPECT_GT(damaged, 200);
}

}  // namespace
}  // namespace stile::devices
