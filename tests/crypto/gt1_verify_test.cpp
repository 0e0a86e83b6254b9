// SPDX-License-Identifier: Apache-2.0
// The proof of GT1: who must have signed what.
#include <gtest/gtest.h>

#include "tests/crypto/issuer.hpp"

namespace stile::crypto {
namespace {

using tests::kEvent;

class Gt1Verify : public testing::Test {
protected:
    SigningKey issuer = tests::test_key(1);
    SigningKey holder = tests::test_key(2);
    KeyRecord record = tests::test_record(issuer);
    Gt1Fields fields = tests::test_fields();

    [[nodiscard]] Proof prove(const Buffer& ticket) const {
        const KeyRing ring = tests::ring_of(record);
        return Verifier{ring}.prove(as_bytes(gt1_text(ticket)));
    }
    [[nodiscard]] Buffer ticket() const { return tests::test_ticket(fields, issuer); }
    void expect(const Buffer& bytes, Fault fault) const {
        const Proof proof = prove(bytes);
        ASSERT_FALSE(proof);
        EXPECT_EQ(proof.error(), fault) << fault_text(proof.error());
    }
    void bind_holder() { fields.holder = tests::ed25519_holder(holder); }
};

TEST_F(Gt1Verify, ATicketMadeByTheIssuerIsGenuine) {
    fields.seat = InlineText<kGt1MaxSeat>{"Reihe 5 Pl\xC3\xA4tze 7-8"};
    fields.admissions = 2;
    fields.reissue = 4;
    const Proof proof = prove(ticket());
    ASSERT_TRUE(proof);
    EXPECT_EQ(proof->ticket().serial, fields.serial);
    EXPECT_EQ(proof->ticket().seat.view(), fields.seat.view());
    EXPECT_EQ(proof->ticket().admissions, 2);
    EXPECT_EQ(proof->ticket().reissue, 4);
    EXPECT_EQ(proof->ticket().assurance, Assurance::StaticCopy);
}

TEST_F(Gt1Verify, TheExtremesOfEveryFieldComeBack) {
    fields.serial = ~0ULL;
    fields.product = 0xFFFF;
    fields.profile = 0xFFFF;
    fields.reissue = 0xFF;
    fields.admissions = 0xFF;
    fields.not_before = 0;
    fields.not_after = 0xFFFFFFFF;
    const Proof proof = prove(ticket());
    ASSERT_TRUE(proof);
    EXPECT_EQ(proof->ticket().serial, ~0ULL);
    EXPECT_EQ(proof->ticket().product, 0xFFFF);
    EXPECT_EQ(proof->ticket().profile, 0xFFFF);
    EXPECT_EQ(proof->ticket().not_after.time_since_epoch().count(), 0xFFFFFFFF);
}

TEST_F(Gt1Verify, RefusesATicketSignedByAnotherKeyUnderThisId) {
    Buffer forged = tests::test_ticket(fields, tests::test_key(9));
    const KeyId id = key_id(Algorithm::Ed25519, issuer.public_key());
    std::ranges::copy(id, forged.begin() + 2);
    forged.resize(32);
    expect(tests::sign_anything(forged, tests::test_key(9)), Fault::BadSignature);
}

TEST_F(Gt1Verify, RefusesAKeyThatTheGateDoesNotHave) {
    expect(tests::test_ticket(fields, tests::test_key(9)), Fault::UnknownKey);
}

TEST_F(Gt1Verify, RefusesASignatureWithoutTheLabel) {
    Buffer bare = ticket();
    bare.resize(32);
    const Signature signature = issuer.sign(bare);
    bare.insert(bare.end(), signature.begin(), signature.end());
    expect(bare, Fault::BadSignature);
}

TEST_F(Gt1Verify, RefusesARevokedKey) {
    record.status = KeyStatus::Revoked;
    expect(ticket(), Fault::KeyRevoked);
}

TEST_F(Gt1Verify, RefusesAnEventThatTheKeyDoesNotName) {
    record.events = {kEvent + 1, kEvent + 2};
    expect(ticket(), Fault::KeyNotUsable);
}

TEST_F(Gt1Verify, RefusesAProductThatTheKeyDoesNotName) {
    record.products = {static_cast<std::uint16_t>(fields.product + 1)};
    expect(ticket(), Fault::KeyNotUsable);
}

TEST_F(Gt1Verify, RefusesATicketThatIsValidLongerThanItsKey) {
    record.not_after = std::chrono::sys_seconds{std::chrono::seconds{fields.not_after - 1}};
    expect(ticket(), Fault::KeyNotUsable);
}

TEST_F(Gt1Verify, RefusesATicketThatIsValidBeforeItsKey) {
    record.not_before = std::chrono::sys_seconds{std::chrono::seconds{fields.not_before + 1}};
    expect(ticket(), Fault::KeyNotUsable);
}

TEST_F(Gt1Verify, JudgesTheScopeBeforeTheSignature) {
    record.status = KeyStatus::Revoked;
    Buffer spoiled = ticket();
    spoiled.back() ^= 1U;
    expect(spoiled, Fault::KeyRevoked);
}

TEST_F(Gt1Verify, RefusesAKeyOfAnotherFormat) {
    record.formats = {"pretix_sig1"};
    expect(ticket(), Fault::KeyNotUsable);
}

TEST_F(Gt1Verify, AKeyForAnyEventTakesEveryEvent) {
    record.scope = EventScope::Any;
    record.events.clear();
    EXPECT_TRUE(prove(ticket()));
}

TEST_F(Gt1Verify, NamesTheKeyWhoseSignatureHolds) {
    const Proof proof = prove(ticket());
    ASSERT_TRUE(proof);
    EXPECT_EQ(proof->ticket().key, key_id(Algorithm::Ed25519, issuer.public_key()));
}

TEST_F(Gt1Verify, TwoKeysOfOneIssuerOverlapWhileTheyRotate) {
    const SigningKey next = tests::test_key(5);
    KeyRecord young = record;
    young.public_key = next.public_key();
    KeyRing ring = tests::ring_of(record);
    ASSERT_TRUE(ring.add(young));
    const Verifier verifier{ring};
    const Proof before = verifier.prove(as_bytes(gt1_text(ticket())));
    const Proof after = verifier.prove(as_bytes(gt1_text(tests::test_ticket(fields, next))));
    ASSERT_TRUE(before && after);
    EXPECT_EQ(before->ticket().identity, after->ticket().identity);  // whatever key signed
    EXPECT_NE(before->ticket().key, after->ticket().key);
}

TEST_F(Gt1Verify, ATimeProofRaisesTheAssurance) {
    bind_holder();
    const Proof proof = prove(tests::with_time_proof(ticket(), 1'760'000'100, holder));
    ASSERT_TRUE(proof);
    EXPECT_EQ(proof->ticket().assurance, Assurance::HolderTimeProof);
    EXPECT_EQ(proof->ticket().proof_time, tests::at(1'760'000'100));
}

TEST_F(Gt1Verify, ABoundTicketThatDemandsNoProofIsAPlainCopyWithoutOne) {
    bind_holder();
    const Proof proof = prove(ticket());
    ASSERT_TRUE(proof);
    EXPECT_EQ(proof->ticket().assurance, Assurance::StaticCopy);
}

TEST_F(Gt1Verify, RefusesAMissingProof) {
    bind_holder();
    fields.proof_mandatory = true;
    expect(ticket(), Fault::ProofMissing);
}

TEST_F(Gt1Verify, SaysWrongSignatureRatherThanMissingProofToAForger) {
    bind_holder();
    fields.proof_mandatory = true;
    Buffer spoiled = ticket();
    spoiled.back() ^= 1U;
    expect(spoiled, Fault::BadSignature);
}

TEST_F(Gt1Verify, RefusesAProofByAnotherHolder) {
    bind_holder();
    expect(tests::with_time_proof(ticket(), 1'760'000'100, tests::test_key(3)), Fault::BadProof);
}

TEST_F(Gt1Verify, RefusesAProofMovedFromAnotherTicket) {
    bind_holder();
    const Buffer other = tests::with_time_proof(ticket(), 1'760'000'100, holder);
    fields.serial += 1;
    Buffer moved = ticket();
    moved.insert(moved.end(), other.begin() + static_cast<std::ptrdiff_t>(moved.size()),
                 other.end());
    expect(moved, Fault::BadProof);
}

TEST_F(Gt1Verify, RefusesAProofOfAnotherTime) {
    bind_holder();
    Buffer late = tests::with_time_proof(ticket(), 1'760'000'100, holder);
    late[late.size() - 65] ^= 1U;
    expect(late, Fault::BadProof);
}

TEST_F(Gt1Verify, RefusesAWeakHolderKey) {
    fields.holder = HolderKey{kEd25519Holder, 0x01};
    expect(ticket(), Fault::BadHolderKey);
    expect(tests::with_time_proof(ticket(), 1'760'000'100, holder), Fault::BadHolderKey);
}

TEST_F(Gt1Verify, RefusesAHolderKeyOffTheCurveEvenWithoutAProof) {
    HolderKey off{0x02};
    off[32] = 1;
    fields.holder = off;
    expect(ticket(), Fault::BadHolderKey);
}

TEST_F(Gt1Verify, RefusesAWalletTicketOutsideItsWrapper) {
    fields.totp_mandatory = true;
    expect(ticket(), Fault::ProofMissing);
    bind_holder();
    expect(tests::with_time_proof(ticket(), 1'760'000'100, holder), Fault::ProofMissing);
}

TEST_F(Gt1Verify, RefusesANonceProofWithoutADialogue) {
    bind_holder();
    Buffer recorded = ticket();
    recorded.push_back(0x20);
    recorded.resize(recorded.size() + 64);
    expect(recorded, Fault::ProofUnsupported);
}

TEST_F(Gt1Verify, TwoKeysOfOneIssuerMakeOneIdentity) {
    const SigningKey newer = tests::test_key(4);
    KeyRing ring = tests::ring_of(record);
    ASSERT_TRUE(ring.add(tests::test_record(newer)));
    const Proof old_key = Verifier{ring}.prove(as_bytes(gt1_text(ticket())));
    const Proof new_key =
        Verifier{ring}.prove(as_bytes(gt1_text(tests::test_ticket(fields, newer))));
    ASSERT_TRUE(old_key && new_key);
    EXPECT_EQ(old_key->ticket().identity, new_key->ticket().identity);
}

TEST_F(Gt1Verify, TheSameSerialOfAnotherIssuerIsAnotherIdentity) {
    const Proof ours = prove(ticket());
    record.issuer = "other-issuer";
    const Proof theirs = prove(ticket());
    ASSERT_TRUE(ours && theirs);
    EXPECT_NE(ours->ticket().identity, theirs->ticket().identity);
}

TEST(Gt1Writer, MakesNothingThatAGateWouldRefuse) {
    Gt1Fields fields = tests::test_fields();
    fields.admissions = 0;
    EXPECT_FALSE(make_gt1(fields, tests::test_key(1)));
    fields = tests::test_fields();
    fields.not_before = fields.not_after + 1;
    EXPECT_FALSE(make_gt1(fields, tests::test_key(1)));
    fields = tests::test_fields();
    fields.seat = InlineText<kGt1MaxSeat>{"\xFF"};
    EXPECT_FALSE(make_gt1(fields, tests::test_key(1)));
    fields = tests::test_fields();
    fields.proof_mandatory = true;
    EXPECT_FALSE(make_gt1(fields, tests::test_key(1)));
}

}  // namespace
}  // namespace stile::crypto
