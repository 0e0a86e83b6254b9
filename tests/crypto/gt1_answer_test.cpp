// SPDX-License-Identifier: Apache-2.0
// A phone's answer to this gate's nonce: good for this nonce, this gate and this moment alone.
#include <gtest/gtest.h>

#include "crypto/verifier.hpp"
#include "tests/crypto/issuer.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

class Gt1Answer : public testing::Test {
protected:
    Gt1Answer() { fields.holder = tests::ed25519_holder(holder); }
    Buffer core() const { return tests::test_ticket(fields, issuer); }
    Buffer answer() const { return tests::with_nonce_proof(core(), challenge, holder); }
    Proof prove(Bytes bytes) const { return Verifier{ring}.prove_answer(bytes, challenge); }
    void expect(Bytes bytes, Fault fault) const {
        const Proof proof = prove(bytes);
        ASSERT_FALSE(proof);
        EXPECT_EQ(proof.error(), fault) << fault_text(proof.error());
    }

    SigningKey issuer = tests::test_key(1);
    SigningKey holder = tests::test_key(2);
    KeyRing ring = tests::ring_of(tests::test_record(issuer));
    Gt1Fields fields = tests::test_fields();
    Challenge challenge{.nonce = {1, 2, 3}, .gate = 7, .time = 1'760'000'000};
};

TEST_F(Gt1Answer, ProvesThePresenceOfTheHolder) {
    const Proof proof = prove(answer());
    ASSERT_TRUE(proof) << fault_text(proof.error());
    EXPECT_EQ(proof->ticket().assurance, Assurance::HolderNonceProof);
    EXPECT_FALSE(proof->ticket().proof_time);  // the nonce makes it fresh, not a clock
}

TEST_F(Gt1Answer, SatisfiesATicketThatDemandsAProof) {
    fields.proof_mandatory = true;
    EXPECT_TRUE(prove(answer()));
}

TEST_F(Gt1Answer, IsGoodForNoOtherNonce) {
    const Buffer bytes = answer();
    for (std::uint8_t& byte : challenge.nonce) {
        byte ^= 0x80U;
        expect(bytes, Fault::BadProof);
        byte ^= 0x80U;
    }
}

TEST_F(Gt1Answer, IsGoodForNoOtherGateOrMoment) {
    const Buffer bytes = answer();
    challenge.gate = 8;
    expect(bytes, Fault::BadProof);
    challenge.gate = 7;
    challenge.time += 1;
    expect(bytes, Fault::BadProof);
}

TEST_F(Gt1Answer, IsNotMovedToAnotherTicketOfTheHolder) {
    Buffer other = answer();
    const Bytes proof = Bytes{other}.last(65);
    Gt1Fields next = fields;
    next.serial += 1;
    Buffer moved = tests::test_ticket(next, issuer);
    moved.insert(moved.end(), proof.begin(), proof.end());
    expect(moved, Fault::BadProof);
}

TEST_F(Gt1Answer, BySomebodyElseIsWrong) {
    expect(tests::with_nonce_proof(core(), challenge, tests::test_key(3)), Fault::BadProof);
}

TEST_F(Gt1Answer, WithoutASignatureOverTheNonceIsNone) {
    expect(core(), Fault::ProofMissing);
    expect(tests::with_time_proof(core(), challenge.time, holder), Fault::ProofMissing);
}

TEST_F(Gt1Answer, OfAForgedTicketIsWorthNothing) {
    fields.serial = 1;
    const Buffer forged = tests::test_ticket(fields, tests::test_key(9));
    expect(tests::with_nonce_proof(forged, challenge, holder), Fault::UnknownKey);
    Buffer spoiled = core();
    spoiled.back() ^= 1U;
    expect(tests::with_nonce_proof(spoiled, challenge, holder), Fault::BadSignature);
}

TEST_F(Gt1Answer, HasItsExactLength) {
    Buffer bytes = answer();
    bytes.push_back(0);
    expect(bytes, Fault::TrailingData);
    bytes.resize(bytes.size() - 2);
    expect(bytes, Fault::Truncated);
    expect({}, Fault::Truncated);
}

TEST_F(Gt1Answer, RefusesAHolderKeyThatIsNone) {
    fields.holder = HolderKey{0xED};  // the point of order 4: would accept one signature for all
    expect(tests::with_nonce_proof(core(), challenge, holder), Fault::BadHolderKey);
}

TEST(Gt1AnswerVectors, TheSharedDialogueIsProven) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    KeyRecord record;
    record.public_key = tests::hex_array<32>(vectors["keys"]["issuer_public"]);
    record.issuer = "demo-issuer";
    record.events = {10597059};
    const KeyRing keys = tests::ring_of(record);
    const Buffer apdu = tests::hex(vectors["nfc"]["challenge_capdu"]);
    ByteReader command{Bytes{apdu}.subspan(5)};
    Challenge challenge;
    command.copy(challenge.nonce);
    challenge.gate = command.number<std::uint64_t>();
    challenge.time = command.number<std::uint32_t>();
    Buffer answer = tests::hex(vectors["nfc"]["response"]);
    answer.resize(answer.size() - 2);  // without the card's status word
    const Proof proof = Verifier{keys}.prove_answer(answer, challenge);
    ASSERT_TRUE(proof) << fault_text(proof.error());
    EXPECT_EQ(proof->ticket().serial, 1234U);
    EXPECT_EQ(proof->ticket().assurance, Assurance::HolderNonceProof);
    challenge.nonce[0] ^= 1U;
    EXPECT_EQ(Verifier{keys}.prove_answer(answer, challenge).error(), Fault::BadProof);
}

}  // namespace
}  // namespace stile::crypto
