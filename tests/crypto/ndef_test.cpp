// SPDX-License-Identifier: Apache-2.0
// Tickets on NFC tags: a reader that does not know our writer gets the bytes back.
#include "crypto/issue/ndef.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/crypto/issuer.hpp"
#include "tests/crypto/ndef_reader.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

Buffer largest_core() {
    return Buffer(kGt1MaxCore, 0x5A);
}

void expect_one_ticket(Bytes message, const Buffer& ticket) {
    const auto records = tests::read_ndef(message);
    ASSERT_TRUE(records);
    ASSERT_EQ(records->size(), 1U);
    EXPECT_EQ(records->front().tnf, 4U);
    EXPECT_EQ(records->front().type, "gate.example:gt1");
    EXPECT_EQ(records->front().payload, ticket);
}

TEST(Ndef, CarriesATicketInOneShortRecord) {
    const Buffer ticket = tests::test_ticket(tests::test_fields(), tests::test_key(1));
    const Buffer message = gt1_ndef(ticket);
    EXPECT_EQ(message.size(), 3 + kNdefType.size() + 96);
    expect_one_ticket(message, ticket);
}

TEST(Ndef, CarriesTheLargestTicketInOneLongRecord) {
    expect_one_ticket(gt1_ndef(largest_core()), largest_core());
    expect_one_ticket(gt1_ndef(Buffer(255, 1)), Buffer(255, 1));
    expect_one_ticket(gt1_ndef(Buffer(256, 1)), Buffer(256, 1));
}

TEST(Ndef, FitsAType2TagInWholePages) {
    const Buffer small = type2_area(gt1_ndef(Buffer(96, 7)));
    EXPECT_LE(small.size(), 144U);  // the smallest tag on sale
    for (std::size_t size = 90; size < 300; ++size) {
        const Buffer ticket(size, 7);
        const Buffer area = type2_area(gt1_ndef(ticket));
        EXPECT_EQ(area.size() % 4, 0U);
        const auto message = tests::read_type2(area);
        ASSERT_TRUE(message) << size;
        expect_one_ticket(*message, ticket);
    }
}

// Whoever reads back must be strict, or the tests above prove nothing.
TEST(NdefVectors, TheTestsReaderIsStrict) {
    STILE_LOAD_OR_SKIP(vectors, "ndef_type2.json");
    for (const auto& item : vectors["ndef_valid"]) {
        const auto records = tests::read_ndef(tests::hex(item["hex"]));
        ASSERT_TRUE(records) << item["hex"];
        EXPECT_EQ(records->size(), item["records"].size()) << item["hex"];
    }
    for (const auto& item : vectors["ndef_invalid"])
        EXPECT_FALSE(tests::read_ndef(tests::hex(item["hex"]))) << item["why"];
    for (const auto& item : vectors["type2"]["valid"])
        EXPECT_EQ(to_hex(tests::read_type2(tests::hex(item["data"])).value()),
                  to_hex(tests::hex(item["ndef"])));
    for (const auto& item : vectors["type2"]["invalid"])
        EXPECT_FALSE(tests::read_type2(tests::hex(item["data"]))) << item["why"];
}

// The vector with our type is the very message that we write.
TEST(NdefVectors, OursIsAmongThem) {
    STILE_LOAD_OR_SKIP(vectors, "ndef_type2.json");
    std::size_t ours = 0;
    for (const auto& item : vectors["ndef_valid"]) {
        const Buffer message = tests::hex(item["hex"]);
        const auto records = tests::read_ndef(message);
        if (!records || records->front().type != kNdefType) continue;
        EXPECT_EQ(gt1_ndef(records->front().payload), message);
        ++ours;
    }
    EXPECT_EQ(ours, 2U);
}

}  // namespace
}  // namespace stile::crypto
