// SPDX-License-Identifier: Apache-2.0
// Which keys a gate takes, and what each may sign.
#include "crypto/key_ring.hpp"

#include <gtest/gtest.h>

#include "tests/crypto/issuer.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_seconds;

KeyRecord good() {
    return tests::test_record(tests::test_key(1));
}

void expect_refused(const KeyRecord& record, std::string_view word) {
    KeyRing ring;
    const auto added = ring.add(record);
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, Errc::Invalid);
    EXPECT_NE(added.error().context.find(word), std::string::npos) << added.error().context;
    EXPECT_TRUE(ring.records().empty());
}

TEST(KeyRing, FindsAKeyByItsId) {
    const KeyRing ring = tests::ring_of(good());
    const KeyRecord* found = ring.find(key_id(Algorithm::Ed25519, good().public_key));
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->issuer, "test-issuer");
}

TEST(KeyRing, MakesTheKeyIdOfTheVectors) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    const auto& keys = vectors["keys"];
    EXPECT_EQ(to_hex(key_id(Algorithm::Ed25519, tests::hex_array<32>(keys["issuer_public"]))),
              keys["issuer_key_id"].get<std::string>());
}

TEST(KeyRing, RefusesAKeyWithoutAFormat) {
    KeyRecord record = good();
    record.formats.clear();
    expect_refused(record, "format");
}

TEST(KeyRing, RefusesAPretixKeyForTwoEvents) {
    KeyRecord record = good();
    record.formats = {"gt1", "pretix_sig1"};
    record.events = {1, 2};
    expect_refused(record, "exactly one event");
}

TEST(KeyRing, RefusesAnIssuerOfSixtyFourCharacters) {
    KeyRecord record = good();
    record.issuer = std::string(63, 'a');
    EXPECT_TRUE(KeyRing{}.add(record));
    record.issuer = std::string(64, 'a');
    expect_refused(record, "issuer");
}

TEST(KeyRing, RefusesTwoKeysWithOneId) {
    const auto key_of = [](std::uint64_t number) {  // the seeds are these numbers, big-endian
        std::array<std::uint8_t, 32> seed{};
        std::ranges::copy(big_endian(number), seed.end() - 8);
        return SigningKey::from_seed(seed).public_key();
    };
    KeyRecord record = good();
    record.public_key = key_of(64854);
    KeyRing ring = tests::ring_of(record);
    record.public_key = key_of(67902);  // another key, found by trying them all
    ASSERT_NE(record.public_key, key_of(64854));
    const auto added = ring.add(record);
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().context, "key 550d5a2f is there twice");
    EXPECT_EQ(ring.records().size(), 1U);
}

TEST(KeyRing, FindsNothingUnderAnUnknownId) {
    EXPECT_EQ(tests::ring_of(good()).find(KeyId{1, 2, 3, 4}), nullptr);
    EXPECT_EQ(KeyRing{}.find(KeyId{}), nullptr);
}

TEST(KeyRing, FindsEachOfManyKeys) {
    KeyRing ring;
    for (std::uint8_t number = 1; number <= 50; ++number)
        ASSERT_TRUE(ring.add(tests::test_record(tests::test_key(number))));
    for (std::uint8_t number = 1; number <= 50; ++number) {
        const PublicKey key = tests::test_key(number).public_key();
        const KeyRecord* found = ring.find(key_id(Algorithm::Ed25519, key));
        ASSERT_NE(found, nullptr);
        EXPECT_EQ(found->public_key, key);
    }
}

TEST(KeyRing, NamesAnIssuerByItsNumber) {
    const KeyRing ring = tests::ring_of(good());
    EXPECT_EQ(ring.issuer_name(issuer_id("test-issuer")), "test-issuer");
    EXPECT_FALSE(ring.issuer_name(issuer_id("other")));
}

TEST(KeyRing, TakesSeveralKeysOfOneIssuer) {
    KeyRing ring = tests::ring_of(good());
    EXPECT_TRUE(ring.add(tests::test_record(tests::test_key(2))));
}

TEST(KeyRing, RefusesTheSameKeyTwice) {
    KeyRing ring = tests::ring_of(good());
    KeyRecord again = good();
    again.issuer = "other";
    const auto added = ring.add(again);
    ASSERT_FALSE(added);
    EXPECT_NE(added.error().context.find("twice"), std::string::npos);
    EXPECT_EQ(ring.records().size(), 1U);
}

TEST(KeyRing, RefusesAnIssuerNameOutsideItsAlphabet) {
    for (const char* name :
         {"", "secret", "Demo", "demo issuer", "demo_issuer", "d\xC3\xA9mo", "a/b"}) {
        KeyRecord record = good();
        record.issuer = name;
        expect_refused(record, "issuer");
    }
}

TEST(KeyRing, RefusesAnIssuerNameThatIsTooLong) {
    KeyRecord record = good();
    record.issuer = std::string(65, 'a');
    expect_refused(record, "issuer");
}

TEST(KeyRing, RefusesSmallOrderKeys) {
    KeyRecord record = good();
    record.public_key = {};
    expect_refused(record, "weak");
    record.public_key[0] = 1;  // the identity
    expect_refused(record, "weak");
}

TEST(KeyRing, RefusesANonCanonicalKey) {
    KeyRecord record = good();
    record.public_key.fill(0xFF);
    expect_refused(record, "weak");
}

TEST(KeyRing, RefusesAKeyWithoutEvents) {
    KeyRecord record = good();
    record.events.clear();
    expect_refused(record, "no event");
}

TEST(KeyRing, RefusesAnInvertedSerialRange) {
    KeyRecord record = good();
    record.dense = SerialRange{.first = 2, .last = 1};
    expect_refused(record, "serials");
}

TEST(KeyRing, TakesASerialRangeOfOne) {
    KeyRecord record = good();
    record.dense = SerialRange{.first = 2, .last = 2};
    EXPECT_TRUE(KeyRing{}.add(record));
}

TEST(KeyRing, RefusesAKeyThatEndsBeforeItBegins) {
    KeyRecord record = good();
    record.not_before = sys_seconds{2s};
    record.not_after = sys_seconds{1s};
    expect_refused(record, "ends before");
}

class MaySign : public testing::Test {
protected:
    KeyRecord record = good();
    Ticket ticket;

    MaySign() {
        record.not_before = sys_seconds{100s};
        record.not_after = sys_seconds{200s};
        ticket.event = tests::kEvent;
        ticket.product = tests::kProduct;
        ticket.not_before = sys_seconds{100s};
        ticket.not_after = sys_seconds{200s};
    }
};

TEST_F(MaySign, ATicketInsideItsScope) {
    EXPECT_TRUE(may_sign(record, ticket));
}

TEST_F(MaySign, NothingOnceRevoked) {
    record.status = KeyStatus::Revoked;
    EXPECT_FALSE(may_sign(record, ticket));
}

TEST_F(MaySign, NoOtherEvent) {
    ticket.event = tests::kEvent + 1;
    EXPECT_FALSE(may_sign(record, ticket));
}

TEST_F(MaySign, OnlyItsProductsIfItNamesAny) {
    record.products = {1, 2};
    EXPECT_FALSE(may_sign(record, ticket));
    record.products.push_back(tests::kProduct);
    EXPECT_TRUE(may_sign(record, ticket));
}

TEST_F(MaySign, NoTicketThatBeginsBeforeTheKey) {
    ticket.not_before = sys_seconds{99s};
    EXPECT_FALSE(may_sign(record, ticket));
}

TEST_F(MaySign, NoTicketThatOutlivesTheKey) {
    ticket.not_after = sys_seconds{201s};
    EXPECT_FALSE(may_sign(record, ticket));
}

}  // namespace
}  // namespace stile::crypto
