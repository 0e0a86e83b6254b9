// SPDX-License-Identifier: Apache-2.0
// The protobuf message of pretix_sig1: what protobuf allows and has one meaning, and nothing else.
#include "crypto/formats/pretix_message.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace stile::crypto {
namespace {

std::optional<PretixMessage> parse(std::string_view hex) {
    static Buffer bytes;  // the message holds a view into it
    bytes = from_hex(hex).value();
    const auto message = parse_pretix_message(bytes);
    if (!message) return std::nullopt;
    return *message;
}

TEST(PretixMessage, ReadsEveryField) {
    const auto good = parse("0a024142102a1807200e28f0a3f69e0630b0d2f39e06");
    ASSERT_TRUE(good);
    EXPECT_EQ(good->seed, "AB");
    EXPECT_EQ(good->item, 42U);
    EXPECT_EQ(good->variation, 7U);
    EXPECT_EQ(good->subevent, 14U);
    EXPECT_EQ(good->valid_from, 1675465200U);
    EXPECT_EQ(good->valid_until, 1675422000U);
}

TEST(PretixMessage, KnowsAbsentTimesFromZeros) {
    const auto message = parse("10012800");
    ASSERT_TRUE(message);
    EXPECT_EQ(message->valid_from, 0U);
    EXPECT_EQ(message->valid_until, std::nullopt);
    EXPECT_EQ(message->seed, "");
}

TEST(PretixMessage, ReadsFieldsInAnyOrder) {
    const auto message = parse("200e10010a0141");
    ASSERT_TRUE(message);
    EXPECT_EQ(message->subevent, 14U);
    EXPECT_EQ(message->item, 1U);
}

TEST(PretixMessage, SkipsUnknownFieldsOfEveryWireType) {
    EXPECT_TRUE(
        parse("1001"
              "3805"));  // 7, varint
    EXPECT_TRUE(
        parse("1001"
              "390102030405060708"));  // 7, 64 bits
    EXPECT_TRUE(
        parse("1001"
              "3a03616263"));  // 7, bytes
    EXPECT_TRUE(
        parse("1001"
              "3d01020304"));  // 7, 32 bits
    EXPECT_TRUE(
        parse("1001"
              "f8ffffff0f01"));  // the highest field number
    EXPECT_TRUE(
        parse("1001"
              "38013802"));  // an unknown field may be there twice
}

TEST(PretixMessage, RefusesUnknownFieldsThatDoNotEnd) {
    for (const char* rest : {"38", "3885", "3901020304050607", "3a", "3a05616263", "3d010203",
                             "3affffffffffffffffff01", "3a80", "ff"})
        EXPECT_FALSE(parse(std::string{"1001"} + rest)) << rest;
}

TEST(PretixMessage, RefusesGroupsAndReservedWireTypes) {
    for (const char* rest : {"3b3c", "3c", "3e00", "3f00"})
        EXPECT_FALSE(parse(std::string{"1001"} + rest)) << rest;
}

TEST(PretixMessage, RefusesFieldNumbersThatAreNone) {
    for (const char* rest : {"0000", "0200",
                             "8080808010"
                             "01",
                             "ffffffffffffffffff0100"})
        EXPECT_FALSE(parse(std::string{"1001"} + rest)) << rest;
}

TEST(PretixMessage, RefusesAKnownFieldTwice) {
    for (const char* twice : {"10011001", "10011002",
                              "0a01411001"
                              "0a0142",
                              "100120012002", "100128012802", "100130013002", "100118011802"})
        EXPECT_FALSE(parse(twice)) << twice;
}

TEST(PretixMessage, RefusesAKnownFieldOfAnotherWireType) {
    for (const char* wrong :
         {"12013100", "1500000001", "110000000000000001", "10010801", "10011a0101", "100122010e",
          "1001290000000000000000", "10013500000000"})
        EXPECT_FALSE(parse(wrong)) << wrong;
}

TEST(PretixMessage, RefusesNegativeNumbers) {
    for (const char* field : {"10", "18", "20", "28", "30"}) {
        const std::string item = field == std::string_view{"10"} ? "" : "1001";
        EXPECT_FALSE(parse(item + field + "ffffffffffffffffff01")) << field;  // -1
        EXPECT_FALSE(parse(item + field + "80808080808080808001")) << field;  // the least
        EXPECT_TRUE(parse(item + field + "ffffffffffffffff7f")) << field;     // the greatest
    }
}

TEST(PretixMessage, RefusesNumbersBeyondSixtyFourBits) {
    EXPECT_FALSE(parse("10ffffffffffffffffff02"));
    EXPECT_FALSE(parse("10ffffffffffffffffffff01"));
    EXPECT_FALSE(parse("10808080808080808080808001"));
    EXPECT_FALSE(parse("10ffffffffffffffffff7f"));
}

TEST(PretixMessage, RefusesATicketWithoutAnItem) {
    EXPECT_FALSE(parse(""));
    EXPECT_FALSE(parse("0a0141"));
    EXPECT_FALSE(parse("1000"));
}

TEST(PretixMessage, RefusesASeedThatIsNoText) {
    EXPECT_FALSE(parse("0a01ff1001"));
    EXPECT_FALSE(parse("0a02c0801001"));
    EXPECT_FALSE(parse("0a0541"));
    EXPECT_TRUE(parse("0a02c3a91001"));
}

TEST(PretixMessage, RefusesEveryTruncation) {
    const Buffer whole = from_hex("0a024142102a1807200e28f0a3f69e0630b0d2f39e06").value();
    const std::vector<std::size_t> ends{6, 8, 10, 16, 22};  // where a shorter message ends
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const bool good = parse_pretix_message(Bytes{whole}.first(size)).has_value();
        EXPECT_EQ(good, std::ranges::find(ends, size) != ends.end()) << size;
    }
}

}  // namespace
}  // namespace stile::crypto
