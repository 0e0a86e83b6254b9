// SPDX-License-Identifier: Apache-2.0
// The readers and writers under every codec: nothing runs over an end, no text is half a character.
#include <gtest/gtest.h>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"

namespace stile {
namespace {

Buffer bytes(std::string_view hex) {
    return from_hex(hex).value();
}

TEST(Bytes, ReadsFieldsInOrder) {
    const Buffer raw = bytes("0102030405060708090a0b0c0d0e0fff");
    ByteReader reader{raw};
    EXPECT_EQ(reader.number<std::uint8_t>(), 0x01);
    EXPECT_EQ(reader.number<std::uint16_t>(), 0x0203);
    EXPECT_EQ(reader.number<std::uint32_t>(), 0x04050607U);
    EXPECT_EQ(reader.number<std::uint64_t>(), 0x08090a0b0c0d0e0fULL);
    EXPECT_FALSE(reader.complete()) << "one byte is left";
    EXPECT_EQ(to_hex(reader.take(1)), "ff");
    EXPECT_TRUE(reader.complete());
}

TEST(Bytes, ReadsZeroBeyondTheEndAndNeverRecovers) {
    const Buffer raw = bytes("010203");
    ByteReader reader{raw};
    EXPECT_EQ(reader.number<std::uint32_t>(), 0U);
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.number<std::uint8_t>(), 0) << "not the byte that was there";
    EXPECT_EQ(reader.left(), 0U);
    EXPECT_FALSE(reader.complete());
}

TEST(Bytes, LeavesTheTargetAloneWhenThereIsTooLittleToCopy) {
    const Buffer raw = bytes("0102");
    ByteReader reader{raw};
    std::array<std::uint8_t, 3> out{7, 8, 9};
    reader.copy(out);
    EXPECT_EQ(out, (std::array<std::uint8_t, 3>{7, 8, 9}));
    EXPECT_FALSE(reader.ok());
}

TEST(Bytes, RefusesAnEnormousCount) {
    ByteReader reader{{}};
    EXPECT_TRUE(reader.take(SIZE_MAX).empty());
    EXPECT_FALSE(reader.ok());
}

TEST(Bytes, WritesWhatTheReaderReads) {
    Buffer out;
    ByteWriter writer{out};
    writer.number(std::uint8_t{0x01});
    writer.number(std::uint16_t{0x0203});
    writer.number(std::uint64_t{0x0405060708090a0b});
    writer.raw(bytes("ff"));
    EXPECT_EQ(to_hex(out), "0102030405060708090a0bff");
    EXPECT_EQ(to_hex(big_endian(std::uint32_t{0xA1B2C3D4})), "a1b2c3d4");
}

TEST(Hex, TakesBothCases) {
    EXPECT_EQ(from_hex("aBcDeF09"), (Buffer{0xAB, 0xCD, 0xEF, 0x09}));
    EXPECT_EQ(from_hex(""), Buffer{});
}

TEST(Hex, RefusesAnythingElse) {
    for (const std::string_view wrong : {"a", "0g", "g0", " 0", "0x00", "-1", "00 "})
        EXPECT_FALSE(from_hex(wrong)) << wrong;
}

TEST(Utf8, TakesEveryFirstAndLastCharacterOfEachLength) {
    for (const std::string_view good :
         {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
          "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        EXPECT_TRUE(is_utf8(as_bytes(good))) << to_hex(as_bytes(good));
    }
}

TEST(Utf8, RefusesOverlongSurrogateTooHighAndBrokenCharacters) {
    for (const std::string_view wrong :
         {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
          "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF8\x88\x80\x80\x80",
          "\xFE", "\xFF", "\xC2", "\xE2\x82", "\xF0\x9F\x8E", "\xC2\x41", "a\xE2\x82",
          "\xC2\xC2"}) {
        EXPECT_FALSE(is_utf8(as_bytes(wrong))) << to_hex(as_bytes(wrong));
    }
}

TEST(Utf8, CutsATextBeforeTheCharacterThatDoesNotFit) {
    const std::string_view text = "a\xC3\xA9\xF0\x9F\x8E\xAB";  // 1, 2 and 4 bytes
    const std::array<std::size_t, 9> sizes{0, 1, 1, 3, 3, 3, 3, 7, 7};
    for (std::size_t limit = 0; limit < sizes.size(); ++limit)
        EXPECT_EQ(utf8_head(text, limit).size(), sizes[limit]) << limit;
}

TEST(Errors, GrowTheirContextOutwards) {
    const Error inner{Errc::Io, "disk"};
    EXPECT_EQ(Error{inner}.with_context("ledger").context, "ledger: disk");
    const Result<int> outer = fail("start", inner);
    EXPECT_EQ(outer.error().code, Errc::Io);
    EXPECT_EQ(outer.error().context, "start: disk");
}

}  // namespace
}  // namespace stile
