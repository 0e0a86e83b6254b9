// SPDX-License-Identifier: Apache-2.0
// No bit of a ticket can be changed and no part of it left out.
#include <gtest/gtest.h>

#include "crypto/base45.hpp"
#include "tests/crypto/issuer.hpp"

namespace stile::crypto {
namespace {

class Gt1Mutation : public testing::Test {
protected:
    SigningKey issuer = tests::test_key(1);
    SigningKey holder = tests::test_key(2);
    KeyRing ring = tests::ring_of(tests::test_record(issuer));
    Verifier verifier{ring};

    [[nodiscard]] Buffer plain() const { return tests::test_ticket(tests::test_fields(), issuer); }
    [[nodiscard]] Buffer bound() const {
        Gt1Fields fields = tests::test_fields();
        fields.seat = InlineText<kGt1MaxSeat>{"Block C"};
        fields.holder = tests::ed25519_holder(holder);
        fields.proof_mandatory = true;
        return tests::with_time_proof(tests::test_ticket(fields, issuer), 1'760'000'100, holder);
    }
    [[nodiscard]] bool accepts(const Buffer& ticket) const {
        return verifier.prove(as_bytes(gt1_text(ticket))).has_value();
    }
    void expect_no_flipped_bit(const Buffer& good) const {
        ASSERT_TRUE(accepts(good));
        for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
            Buffer flipped = good;
            flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
            EXPECT_FALSE(accepts(flipped)) << "bit " << bit;
        }
    }
    void expect_no_other_length(const Buffer& good) const {
        for (std::size_t size = 0; size < good.size(); ++size)
            EXPECT_FALSE(
                accepts(Buffer(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))))
                << size;
        Buffer longer = good;
        for (int i = 0; i < 300; ++i) {
            longer.push_back(static_cast<std::uint8_t>(i));
            EXPECT_FALSE(accepts(longer)) << longer.size();
        }
    }
};

TEST_F(Gt1Mutation, NoFlippedBitOfAStaticTicket) {
    expect_no_flipped_bit(plain());
}
TEST_F(Gt1Mutation, NoFlippedBitOfABoundTicketAndItsProof) {
    expect_no_flipped_bit(bound());
}
TEST_F(Gt1Mutation, NoOtherLengthOfAStaticTicket) {
    expect_no_other_length(plain());
}
TEST_F(Gt1Mutation, NoOtherLengthOfABoundTicket) {
    expect_no_other_length(bound());
}

TEST_F(Gt1Mutation, NoOtherSpellingOfAText) {
    const std::string good = gt1_text(plain());
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string changed = good;
            changed[at] = static_cast<char>(byte);
            if (changed == good) continue;
            EXPECT_FALSE(verifier.prove(as_bytes(changed))) << at << ' ' << byte;
        }
    }
}

TEST_F(Gt1Mutation, NoTextCutShort) {
    const std::string good = gt1_text(plain());
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(verifier.prove(as_bytes(good.substr(0, size)))) << size;
}

}  // namespace
}  // namespace stile::crypto
