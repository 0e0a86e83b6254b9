// SPDX-License-Identifier: Apache-2.0
// pretix_sig1: one spelling of one ticket, and the key says which event it is for.
#include "crypto/formats/pretix_sig1.hpp"

#include <gtest/gtest.h>

#include "tests/crypto/pretix.hpp"

namespace stile::crypto {
namespace {

constexpr auto kPayload = tests::kPretixPayload;

class Pretix : public testing::Test {
protected:
    std::string text() const { return tests::pretix_text(kPayload, issuer); }
    Buffer bytes() const { return tests::pretix_bytes(kPayload, issuer); }
    Proof prove(std::string_view scan) const {
        const KeyRing ring = tests::ring_of(record);
        return Verifier{ring}.prove(as_bytes(scan));
    }
    void expect(std::string_view scan, Fault fault) const {
        const Proof proof = prove(scan);
        ASSERT_FALSE(proof) << scan;
        EXPECT_EQ(proof.error(), fault) << scan << ": " << fault_text(proof.error());
    }

    SigningKey issuer = tests::test_key(1);
    KeyRecord record = tests::pretix_record(issuer);
};

TEST_F(Pretix, ReadsAGenuineTicket) {
    const Proof proof = prove(text());
    ASSERT_TRUE(proof) << fault_text(proof.error());
    const Ticket& ticket = proof->ticket();
    EXPECT_EQ(ticket.event, tests::kEvent);
    EXPECT_EQ(ticket.product, 3U);
    EXPECT_EQ(ticket.subevent, 14U);
    EXPECT_EQ(ticket.variation, 0U);
    EXPECT_FALSE(ticket.serial);
    EXPECT_EQ(ticket.admissions, 1);
    EXPECT_EQ(ticket.assurance, Assurance::StaticCopy);
    EXPECT_EQ(ticket.issuer, issuer_id("test-issuer"));
    EXPECT_EQ(ticket.key, key_id(Algorithm::Ed25519, issuer.public_key()));
}

TEST_F(Pretix, IsNamedByItsPayloadAndEventAlone) {
    const Proof proof = prove(text());
    ASSERT_TRUE(proof);
    EXPECT_EQ(proof->ticket().identity, identity_of(tests::kEvent, kPayload));
    EXPECT_EQ(pretix_identity(tests::kEvent, text()), proof->ticket().identity);
    EXPECT_NE(pretix_identity(tests::kEvent + 1, text()), proof->ticket().identity);
    // Another signature, good or not, names the same ticket.
    Buffer twisted = bytes();
    twisted.back() ^= 1U;
    EXPECT_EQ(pretix_identity(tests::kEvent, tests::turned(twisted)), proof->ticket().identity);
    EXPECT_EQ(pretix_identity(tests::kEvent, "q8b3zk5vd7"), std::nullopt);
    EXPECT_EQ(pretix_identity(tests::kEvent, text() + "A"), std::nullopt);
}

TEST_F(Pretix, TakesItsTimesFromTheTicketAndElseFromTheKey) {
    const Proof open = prove(text());
    ASSERT_TRUE(open);
    EXPECT_EQ(open->ticket().not_before, record.not_before);
    EXPECT_EQ(open->ticket().not_after, record.not_after);
    const Buffer zeros = from_hex("100128003000").value();
    record.not_before = tests::at(1'000);
    record.not_after = tests::at(2'000);
    const Proof kept = prove(tests::pretix_text(zeros, issuer));
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->ticket().not_before, tests::at(1'000));
    EXPECT_EQ(kept->ticket().not_after, tests::at(2'000));
    const Buffer times = from_hex("100128e90730cf0f").value();  // 1001 to 1999
    const Proof own = prove(tests::pretix_text(times, issuer));
    ASSERT_TRUE(own);
    EXPECT_EQ(own->ticket().not_before, tests::at(1'001));
    EXPECT_EQ(own->ticket().not_after, tests::at(1'999));
    record.not_after = tests::at(1'998);
    expect(tests::pretix_text(times, issuer), Fault::KeyNotUsable);
}

TEST_F(Pretix, RefusesKeysThatAreNotForIt) {
    record.status = KeyStatus::Revoked;
    expect(text(), Fault::KeyRevoked);
    record = tests::pretix_record(issuer);
    record.products = {4};
    expect(text(), Fault::KeyNotUsable);
    record = tests::test_record(issuer);  // signs gt1 alone
    expect(text(), Fault::UnknownKey);
    record = tests::pretix_record(tests::test_key(2));
    expect(text(), Fault::BadSignature);
}

TEST_F(Pretix, TheKeyThatVerifiesNamesTheEvent) {
    KeyRing ring = tests::ring_of(tests::test_record(tests::test_key(7)));
    for (std::uint8_t number = 1; number <= 4; ++number) {
        KeyRecord key = tests::pretix_record(tests::test_key(number));
        key.events = {100U + number};
        ASSERT_TRUE(ring.add(key));
    }
    for (std::uint8_t number = 1; number <= 4; ++number) {
        const auto scan = tests::pretix_text(kPayload, tests::test_key(number));
        const Proof proof = Verifier{ring}.prove(as_bytes(scan));
        ASSERT_TRUE(proof);
        EXPECT_EQ(proof->ticket().event, 100U + number);
    }
}

TEST_F(Pretix, RefusesEveryOtherSpelling) {
    const std::string good = text();
    for (std::size_t at = 0; at <= good.size(); ++at) {
        for (const char junk : {'-', ' ', '\n', '=', '\0', '\x7F'}) {
            std::string spelled = good;
            spelled.insert(at, 1, junk);
            EXPECT_FALSE(prove(spelled)) << at << junk;
        }
    }
    EXPECT_FALSE(prove("\\000001" + good));
}

TEST_F(Pretix, RefusesEveryFlippedBit) {
    const Buffer good = bytes();
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        Buffer wrong = good;
        wrong[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        EXPECT_FALSE(prove(tests::turned(wrong))) << bit;
    }
}

TEST_F(Pretix, HasItsExactLength) {
    Buffer longer = bytes();
    longer.push_back(0);
    expect(tests::turned(longer), Fault::TrailingData);
    Buffer shorter = bytes();
    shorter.pop_back();
    expect(tests::turned(shorter), Fault::Truncated);
    Buffer overrun = bytes();
    overrun[1] = 0xEA;
    expect(tests::turned(overrun), Fault::Truncated);
}

TEST_F(Pretix, RefusesOtherVersionsAndLengthsOfSignatures) {
    for (const std::uint8_t version : std::initializer_list<std::uint8_t>{0, 2, 3}) {
        Buffer other = bytes();
        other[0] = version;
        expect(tests::turned(other), Fault::Version);
    }
    for (const std::uint8_t size : std::initializer_list<std::uint8_t>{0, 63, 65, 255}) {
        Buffer other = bytes();
        other[4] = size;
        expect(tests::turned(other), Fault::BadField);
    }
    Buffer high = bytes();
    high[3] = 1;
    expect(tests::turned(high), Fault::BadField);
}

TEST_F(Pretix, TakesAPayloadOfMoreThan255Bytes) {
    Buffer payload = from_hex("10010aac02").value();
    payload.resize(payload.size() + 300, 'x');
    EXPECT_TRUE(prove(tests::pretix_text(payload, issuer)));
}

TEST_F(Pretix, RefusesASignedPayloadThatIsNoTicket) {
    for (const char* payload : {"ffffffff", "1000", "10011002", "0a01ff1001"})
        expect(tests::pretix_text(from_hex(payload).value(), issuer), Fault::BadField);
    expect(tests::pretix_text({}, issuer), Fault::BadField);
}

TEST(PretixText, RefusesAHeaderThatIsCutOff) {
    for (std::size_t size = 0; size < 5; ++size) {
        const auto parsed = SignedPretix::from_text(as_bytes(tests::turned(Buffer(size, 1))));
        ASSERT_FALSE(parsed);
        EXPECT_EQ(parsed.error(), Fault::Truncated) << size;
    }
}

TEST_F(Pretix, LeavesShorterAndOtherTextsToOtherSources) {
    for (const char* scan : {"", "A", "==QA", "q8b3zk5vd7", "https://example.org/A"})
        expect(scan, Fault::UnknownFormat);
    expect(std::string(91, 'A'), Fault::UnknownFormat);
    expect(std::string(92, 'B'), Fault::UnknownFormat);
    expect(std::string(92, 'A'), Fault::Version);
    expect(std::string(4096, 'A'), Fault::Version);
    expect(std::string(4100, 'A'), Fault::TrailingData);
    expect(std::string(93, 'A'), Fault::BadEncoding);
}

TEST_F(Pretix, DescribesWhatItSays) {
    const auto said = describe_pretix_scan(as_bytes(text()));
    ASSERT_TRUE(said);
    EXPECT_EQ(*said, (Description{{"seed", "SEED12345"},
                                  {"item", std::uint64_t{3}},
                                  {"subevent", std::uint64_t{14}}}));
    const Buffer full = from_hex("1001180228003005").value();
    const auto more = describe_pretix_scan(as_bytes(tests::pretix_text(full, issuer)));
    ASSERT_TRUE(more);
    EXPECT_EQ(*more, (Description{{"seed", ""},
                                  {"item", std::uint64_t{1}},
                                  {"variation", std::uint64_t{2}},
                                  {"validFromUnixTime", std::uint64_t{0}},
                                  {"validUntilUnixTime", std::uint64_t{5}}}));
    EXPECT_FALSE(describe_pretix_scan(as_bytes("A")));
}

}  // namespace
}  // namespace stile::crypto
