// SPDX-License-Identifier: Apache-2.0
// The code reader on codes made here, and on rubbish.
#include <algorithm>
#include <cstdint>
#include <span>

#include <gtest/gtest.h>

#include "devices/camera/opencv/picture.hpp"
#include "devices/camera/zxing/zxing_decoder.hpp"
#include "tests/devices/fixtures.hpp"

namespace stile::devices {
namespace {

using namespace testing;

std::vector<Code> decode(const Frame& frame) {
    return ZxingDecoder{}.decode(frame).value();
}

// Numbers that look like noise and are the same each time.
Buffer rubbish(std::size_t size) {
    Buffer out(size);
    std::uint32_t state = 1;
    for (std::uint8_t& byte : out) {
        state = state * 1664525 + 1013904223;
        byte = static_cast<std::uint8_t>(state >> 24);
    }
    return out;
}

// Row by row, with its left edge at column `left`.
void copy_into(const Frame& from, Frame& to, int left) {
    for (int y = 0; y < from.height; ++y) {
        const auto source = std::span{from.luma}.subspan(static_cast<std::size_t>(y) *
                                                         static_cast<std::size_t>(from.stride));
        const auto target = std::span{to.luma}.subspan(static_cast<std::size_t>(y) *
                                                           static_cast<std::size_t>(to.stride) +
                                                       static_cast<std::size_t>(left));
        std::copy_n(source.begin(), from.width, target.begin());
    }
}

TEST(Decoder, ReadsACode) {
    const auto codes = decode(frame_with_code("GT1:HELLO"));
    ASSERT_EQ(codes.size(), 1U);
    EXPECT_EQ(codes[0].text, "GT1:HELLO");
    EXPECT_EQ(as_text(codes[0].bytes), "GT1:HELLO");
}

TEST(Decoder, FindsNothingInAnEmptyFrame) {
    EXPECT_TRUE(decode(empty_frame()).empty());
}

TEST(Decoder, FindsNothingInNoise) {
    Frame frame = empty_frame();
    frame.luma = rubbish(frame.luma.size());
    EXPECT_TRUE(decode(frame).empty());
}

TEST(Decoder, FindsNothingInATinyFrame) {
    EXPECT_TRUE(decode(Frame{1, 1}).empty());
    EXPECT_TRUE(decode(Frame{3, 200}).empty());
    EXPECT_TRUE(decode(Frame{200, 0}).empty());
    EXPECT_TRUE(decode(Frame{}).empty());
}

TEST(Decoder, RefusesAFrameWithTooFewBytes) {
    Frame frame = empty_frame();
    frame.luma.pop_back();
    EXPECT_EQ(ZxingDecoder{}.decode(frame).error().code, Errc::Invalid);
}

TEST(Decoder, ReadsTwoCodesInOneFrame) {
    const Frame left = frame_with_code("LEFT");
    const Frame right = frame_with_code("RIGHT");
    Frame both{left.width + right.width, left.height};
    copy_into(left, both, 0);
    copy_into(right, both, left.width);
    EXPECT_EQ(decode(both).size(), 2U);
}

TEST(Decoder, HonoursTheStride) {
    const Frame tight = frame_with_code("STRIDE");
    Frame padded = tight;
    padded.stride = tight.width + 32;
    padded.luma.assign(static_cast<std::size_t>(padded.stride) * 480, 0);
    copy_into(tight, padded, 0);
    ASSERT_EQ(decode(padded).size(), 1U);
}

TEST(Decoder, GivesTheBytesOfACodeThatIsNoText) {
    const Buffer content = rubbish(200);
    const auto codes = decode(frame_with_code(content));
    ASSERT_EQ(codes.size(), 1U);
    EXPECT_EQ(codes[0].bytes, content);
    EXPECT_TRUE(is_utf8(as_bytes(codes[0].text)));
}

// A damaged or hostile code costs nothing but its own reading.
TEST(Decoder, SurvivesAGarbageCodeOfOneKilobyte) {
    const Buffer content = rubbish(1024);
    for (const Code& code : decode(frame_with_code(content, 6)))
        EXPECT_EQ(code.bytes, content);
}

TEST(Decoder, SurvivesTheLargestCodeThatThereIs) {
    const Buffer content = rubbish(2953);
    for (const Code& code : decode(frame_with_code(content, 6)))
        EXPECT_EQ(code.bytes, content);
}

TEST(DecodePicture, ReadsWhatWasWritten) {
    const TempFolder folder;
    const Frame frame = frame_with_code("FILE");
    write_picture(folder / "code.pgm", frame);
    const auto read = read_picture(folder / "code.pgm");
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->luma, frame.luma);
    EXPECT_EQ(read->width, frame.width);
}

TEST(DecodePicture, RefusesAHeadWithoutPixels) {
    const auto picture =
        decode_picture(from_hex("89504e470d0a1a0a0000000d4948445200000500000002d0").value());
    ASSERT_FALSE(picture.has_value());
    EXPECT_EQ(picture.error().code, Errc::Invalid);
}

TEST(DecodePicture, RefusesAPictureThatIsCutOff) {
    const std::string whole = "P5\n640 480\n255\n" + std::string(640 * 240, 'x');
    EXPECT_FALSE(decode_picture(as_bytes(whole)).has_value());
}

// A JPEG decoder makes some picture of anything; what counts is that no code is seen in it.
TEST(DecodePicture, SurvivesRubbishBehindAGoodHead) {
    Buffer file = from_hex("ffd8ffc0000b0801e00280010111").value();
    const Buffer rest = rubbish(5000);
    file.insert(file.end(), rest.begin(), rest.end());
    const auto frame = decode_picture(file);
    EXPECT_TRUE(!frame || decode(*frame).empty());
}

TEST(ReadPicture, NamesTheFileInItsErrors) {
    const TempFolder folder;
    write_file(folder / "empty.png", "");
    const auto read = read_picture(folder / "empty.png");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().context, (folder / "empty.png").native() + ": the file is empty");
}

TEST(ReadPicture, RefusesAFileThatIsNotThere) {
    EXPECT_EQ(read_picture("/nowhere/at/all.png").error().code, Errc::NotFound);
}

TEST(ReadPicture, RefusesAFolder) {
    EXPECT_FALSE(read_picture("/tmp"));
}

TEST(ReadPicture, RefusesAFileOfMoreThan64Mebibytes) {
    const TempFolder folder;
    write_file(folder / "huge.png", "");
    std::filesystem::resize_file(folder / "huge.png", (64U << 20U) + 1);
    EXPECT_FALSE(read_picture(folder / "huge.png"));
}

}  // namespace
}  // namespace stile::devices
