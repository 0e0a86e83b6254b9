// SPDX-License-Identifier: Apache-2.0
// A wallet's rotating code around a GT1 core.
#include "crypto/formats/gw1.hpp"

#include <gtest/gtest.h>

#include "crypto/verifier.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

constexpr std::uint32_t kTime = 1'760'000'000;

class Gw1 : public testing::Test {
protected:
    Gw1() {
        record.totp_master = tests::kTotpMaster;
        fields.totp_mandatory = true;
    }
    std::string text(std::uint32_t time = kTime) const {
        return tests::wallet_text(fields, issuer, time);
    }
    Proof prove(const std::string& scan) const {
        const KeyRing ring = tests::ring_of(record);
        return Verifier{ring}.prove(as_bytes(scan));
    }
    void expect(const std::string& scan, Fault fault) const {
        const Proof proof = prove(scan);
        ASSERT_FALSE(proof) << scan;
        EXPECT_EQ(proof.error(), fault) << scan << ": " << fault_text(proof.error());
    }
    // The text with other words in front of the core.
    std::string with_head(const std::string& time, const std::string& code) const {
        const std::string good = text();
        return "GW1:" + time + ":" + code + good.substr(good.find(':', good.find(':', 4) + 1));
    }
    std::string code() const { return text().substr(15, 8); }

    SigningKey issuer = tests::test_key(1);
    KeyRecord record = tests::test_record(issuer);
    Gt1Fields fields = tests::test_fields();
};

TEST_F(Gw1, ProvesATicketWithACode) {
    const Proof proof = prove(text());
    ASSERT_TRUE(proof) << fault_text(proof.error());
    EXPECT_EQ(proof->ticket().assurance, Assurance::SharedSecret);
    EXPECT_EQ(proof->ticket().proof_time, tests::at(kTime));
    EXPECT_EQ(proof->ticket().proof_step, kTotpStep);
    EXPECT_EQ(proof->ticket().serial, fields.serial);
    EXPECT_EQ(with_head(std::to_string(kTime), code()), text());
}

TEST_F(Gw1, HasTheIdentityOfItsCore) {
    const Proof wrapped = prove(text());
    fields.totp_mandatory = false;
    const Proof bare = prove(gt1_text(tests::test_ticket(fields, issuer)));
    ASSERT_TRUE(wrapped && bare);
    EXPECT_EQ(wrapped->ticket().identity, bare->ticket().identity);
}

TEST_F(Gw1, TakesACoreThatDemandsNoCode) {
    fields.totp_mandatory = false;
    EXPECT_TRUE(prove(text()));
}

TEST_F(Gw1, TheCoreAloneIsNotEnoughWhereACodeIsMandatory) {
    expect(gt1_text(tests::test_ticket(fields, issuer)), Fault::ProofMissing);
}

TEST_F(Gw1, OneCodeHoldsForItsStepAlone) {
    const std::uint32_t begin = kTime / 15 * 15;
    const std::string good = code();
    for (std::uint32_t time = begin; time < begin + 15; ++time)
        EXPECT_TRUE(prove(with_head(std::to_string(time), good))) << time;
    expect(with_head(std::to_string(begin - 1), good), Fault::BadProof);
    expect(with_head(std::to_string(begin + 15), good), Fault::BadProof);
}

TEST_F(Gw1, RefusesEveryOtherDigit) {
    for (std::size_t i = 0; i < 8; ++i) {
        std::string wrong = code();
        wrong[i] = wrong[i] == '9' ? '0' : static_cast<char>(wrong[i] + 1);
        expect(with_head(std::to_string(kTime), wrong), Fault::BadProof);
    }
}

TEST_F(Gw1, ACodeOfAnotherTicketOrEventIsWrong) {
    Gt1Fields other = fields;
    other.serial += 1;
    const std::string stolen = tests::wallet_text(other, issuer, kTime).substr(15, 8);
    expect(with_head(std::to_string(kTime), stolen), Fault::BadProof);
}

TEST_F(Gw1, RefusesATimeInAnySecondSpelling) {
    for (const char* time :
         {"", "0", "01760000000", "+1760000000", "-1", " 1760000000", "1760000000 ", "1760000000.0",
          "0x68E77800", "1.76e9", "17600000x0", "4294967296", "99999999999999999999999"})
        expect(with_head(time, code()), Fault::BadField);
}

TEST_F(Gw1, RefusesACodeThatIsNotEightDigits) {
    const std::string now = std::to_string(kTime);
    for (const char* wrong : {"", "1", "1234567", "123456789", "1234567a", "+1234567", " 1234567"})
        expect(with_head(now, wrong), Fault::BadField);
}

TEST_F(Gw1, RefusesAHeadThatIsCutOff) {
    for (const char* scan : {"GW1:", "GW1:1760000000", "GW1:1760000000:12345678"})
        expect(scan, Fault::Truncated);
    expect("GW1:1760000000:12345678:", Fault::Truncated);
}

TEST_F(Gw1, ThePrefixIsWrittenInOneWay) {
    for (const char* scan : {"gw1:1:1:", "GW1", "GW2:1:1:", " GW1:1:1:"})
        expect(scan, Fault::UnknownFormat);
}

TEST(Gw1Text, IsNoOtherFormat) {
    EXPECT_EQ(SignedGw1::from_text(as_bytes("GT1:1:2:3")).error(), Fault::UnknownFormat);
}

TEST_F(Gw1, RefusesACoreWithAProofBehindIt) {
    const SigningKey holder = tests::test_key(2);
    fields.holder = tests::ed25519_holder(holder);
    const Buffer proven = tests::with_time_proof(tests::test_ticket(fields, issuer), kTime, holder);
    const std::string head = text().substr(0, 24);
    expect(head + gt1_text(proven).substr(4), Fault::TrailingData);
}

TEST_F(Gw1, RefusesACoreThatDemandsItsHolder) {
    fields.holder = tests::ed25519_holder(tests::test_key(2));
    fields.proof_mandatory = true;
    expect(text(), Fault::ProofMissing);
}

TEST_F(Gw1, RefusesABadHolderKeyInTheCore) {
    fields.holder = HolderKey{0xED};
    expect(text(), Fault::BadHolderKey);
}

TEST_F(Gw1, RefusesWhatGt1Refuses) {
    std::string spoiled = text();
    spoiled.back() = spoiled.back() == '0' ? '1' : '0';
    EXPECT_FALSE(prove(spoiled));
    expect(text() + "0000", Fault::BadEncoding);
    expect(text() + "000", Fault::TrailingData);
    record.status = KeyStatus::Revoked;
    expect(text(), Fault::KeyRevoked);
}

TEST_F(Gw1, CannotBeCheckedWithoutTheSecret) {
    record.totp_master.reset();
    expect(text(), Fault::ProofUnsupported);
}

TEST_F(Gw1, SaysWrongSignatureRatherThanWrongCodeToAForger) {
    issuer = tests::test_key(1);
    Buffer forged = tests::test_ticket(fields, issuer);
    forged.back() ^= 1U;
    expect("GW1:1760000000:00000000:" + gt1_text(forged).substr(4), Fault::BadSignature);
}

TEST_F(Gw1, DescribesWhatItSays) {
    const auto said = describe_gw1_scan(as_bytes(text()));
    ASSERT_TRUE(said);
    const Description& words = *said;
    EXPECT_EQ(words.back().first, "proof_time");
    EXPECT_EQ(std::get<std::uint64_t>(words.back().second), kTime);
    EXPECT_EQ(std::get<std::string>(words[words.size() - 2].second), "totp");
    EXPECT_FALSE(describe_gw1_scan(as_bytes("GW1:")));
}

TEST(Gw1Vectors, TheSharedTicketIsProven) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    KeyRecord record;
    record.public_key = tests::hex_array<32>(vectors["keys"]["issuer_public"]);
    record.issuer = "demo-issuer";
    record.events = {10597059};
    record.totp_master = tests::hex_array<32>(vectors["google_wallet"]["totp_master"]);
    const KeyRing keys = tests::ring_of(record);
    const std::string text = vectors["google_wallet"]["text"];
    EXPECT_EQ(text.size(), vectors["sizes"]["google_wallet_chars"].get<std::size_t>());
    const Proof proof = Verifier{keys}.prove(as_bytes(text));
    ASSERT_TRUE(proof) << fault_text(proof.error());
    EXPECT_EQ(proof->ticket().proof_time, tests::at(1'760'000'000));
    EXPECT_EQ(proof->ticket().serial, 1234U);
}

}  // namespace
}  // namespace stile::crypto
