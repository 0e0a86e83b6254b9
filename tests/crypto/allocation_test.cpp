// SPDX-License-Identifier: Apache-2.0
// Proving a ticket with Ed25519 allocates nothing, whatever its format: this program counts every
// allocation of its C++.
#include <gtest/gtest.h>

#include "tests/crypto/pretix.hpp"
#include "tests/support/allocations.hpp"

namespace stile::crypto {
namespace {

std::size_t allocations_of(const Verifier& verifier, const std::string& text, Fault* fault) {
    const std::size_t before = allocations;
    const Proof proof = verifier.prove(as_bytes(text));
    const std::size_t after = allocations;
    if (!proof && fault != nullptr) *fault = proof.error();
    return after - before;
}

class Allocation : public testing::Test {
protected:
    SigningKey issuer = tests::test_key(1);
    SigningKey holder = tests::test_key(2);
    KeyRing ring = tests::ring_of(tests::test_record(issuer));
    Verifier verifier{ring};
    Gt1Fields fields = tests::test_fields();
};

TEST_F(Allocation, TheCounterCounts) {
    const std::size_t before = allocations;
    const auto text = std::make_unique<std::string>(100, 'a');
    EXPECT_GE(allocations - before, 2U);
}

TEST_F(Allocation, NoneForAStaticTicket) {
    const std::string text = gt1_text(tests::test_ticket(fields, issuer));
    ASSERT_TRUE(verifier.prove(as_bytes(text)));
    EXPECT_EQ(allocations_of(verifier, text, nullptr), 0U);
}

TEST_F(Allocation, NoneForATicketWithAnEd25519Proof) {
    fields.holder = tests::ed25519_holder(holder);
    fields.seat = InlineText<kGt1MaxSeat>{"Block C, Row 12, Seat 34"};
    const std::string text =
        gt1_text(tests::with_time_proof(tests::test_ticket(fields, issuer), 1'760'000'100, holder));
    ASSERT_TRUE(verifier.prove(as_bytes(text)));
    EXPECT_EQ(allocations_of(verifier, text, nullptr), 0U);
}

TEST_F(Allocation, NoneForAnAnswerToANonce) {
    fields.holder = tests::ed25519_holder(holder);
    const Buffer answer = tests::with_nonce_proof(tests::test_ticket(fields, issuer), {}, holder);
    ASSERT_TRUE(verifier.prove_answer(answer, {}));
    const std::size_t before = allocations;
    (void)verifier.prove_answer(answer, {});
    EXPECT_EQ(allocations - before, 0U);
}

// libcrypto computes the code and has memory of its own.
TEST_F(Allocation, NoneOfOursForAWalletCode) {
    KeyRecord record = tests::test_record(issuer);
    record.totp_master = tests::kTotpMaster;
    const KeyRing with_secret = tests::ring_of(record);
    const std::string text = tests::wallet_text(fields, issuer, 1'760'000'000);
    ASSERT_TRUE(Verifier{with_secret}.prove(as_bytes(text)));
    EXPECT_EQ(allocations_of(Verifier{with_secret}, text, nullptr), 0U);
}

TEST_F(Allocation, NoneForAPretixTicketGoodOrBad) {
    const KeyRing pretix = tests::ring_of(tests::pretix_record(issuer));
    std::string text = tests::pretix_text(tests::kPretixPayload, issuer);
    ASSERT_TRUE(Verifier{pretix}.prove(as_bytes(text)));
    EXPECT_EQ(allocations_of(Verifier{pretix}, text, nullptr), 0U);
    text[40] = text[40] == 'a' ? 'b' : 'a';
    Fault fault{};
    EXPECT_EQ(allocations_of(Verifier{pretix}, text, &fault), 0U);
    EXPECT_EQ(fault, Fault::BadSignature);
    text[40] = '-';
    EXPECT_EQ(allocations_of(Verifier{pretix}, text, &fault), 0U);
    EXPECT_EQ(fault, Fault::BadEncoding);
}

TEST_F(Allocation, NoneForAForgedTicket) {
    Buffer ticket = tests::test_ticket(fields, issuer);
    ticket.back() ^= 1U;
    const std::string text = gt1_text(ticket);
    Fault fault{};
    EXPECT_EQ(allocations_of(verifier, text, &fault), 0U);
    EXPECT_EQ(fault, Fault::BadSignature);
}

}  // namespace
}  // namespace stile::crypto
