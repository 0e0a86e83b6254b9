// SPDX-License-Identifier: Apache-2.0
// Builds tickets from the byte table of crypto/FORMAT.md with libcrypto alone, and compares.
#include <memory>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "tests/crypto/issuer.hpp"

namespace stile::crypto {
namespace {

struct FreePkey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

Buffer sign_with_libcrypto(const std::array<std::uint8_t, 32>& seed, const Buffer& message) {
    const std::unique_ptr<EVP_PKEY, FreePkey> key{
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size())};
    const std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
    Buffer signature(64);
    std::size_t size = signature.size();
    EXPECT_EQ(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()), 1);
    EXPECT_EQ(
        EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()), 1);
    return signature;
}

Buffer sha256_with_libcrypto(const Buffer& message) {
    Buffer digest(32);
    EXPECT_EQ(
        EVP_Digest(message.data(), message.size(), digest.data(), nullptr, EVP_sha256(), nullptr),
        1);
    return digest;
}

void append(Buffer& out, const Buffer& more) {
    out.insert(out.end(), more.begin(), more.end());
}

constexpr std::array<std::uint8_t, 32> seed_of(std::uint8_t number) {
    std::array<std::uint8_t, 32> seed{};
    seed.fill(number);
    return seed;
}

// The table by hand: event 7, serial 1234, re-issue 5, product 3, profile 18, 1760000000 to
// 1760086400, 2 admissions; then what the flags announce.
Buffer table(std::uint8_t flags, const Buffer& blocks) {
    const auto public_key = tests::test_key(1).public_key();
    Buffer key_message{'G', 'T', '1', '-', 'k', 'e', 'y', 0, 1};
    append(key_message, {public_key.begin(), public_key.end()});
    Buffer ticket{1, flags};
    append(ticket, Buffer{sha256_with_libcrypto(key_message)});
    ticket.resize(6);
    append(ticket, {0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0x04, 0xD2, 5, 0, 3, 0, 18});
    append(ticket, {0x68, 0xE7, 0x78, 0x00, 0x68, 0xE8, 0xC9, 0x80, 2});
    append(ticket, blocks);
    Buffer message{'G', 'T', '1', '-', 't', 'i', 'c', 'k', 'e', 't', 0};
    append(message, ticket);
    append(ticket, sign_with_libcrypto(seed_of(1), message));
    return ticket;
}

Gt1Fields same_fields() {
    Gt1Fields fields = tests::test_fields();
    fields.reissue = 5;
    fields.admissions = 2;
    return fields;
}

TEST(Gt1OtherLibrary, MakesTheSameStaticTicket) {
    EXPECT_EQ(to_hex(table(0x00, {})),
              to_hex(tests::test_ticket(same_fields(), tests::test_key(1))));
}

TEST(Gt1OtherLibrary, MakesTheSameTicketWithHolderAndSeat) {
    const auto holder = tests::test_key(2).public_key();
    Buffer blocks{0xED};
    append(blocks, {holder.begin(), holder.end()});
    append(blocks, {3, 'A', '-', '7'});
    Gt1Fields fields = same_fields();
    fields.holder = tests::ed25519_holder(tests::test_key(2));
    fields.seat = InlineText<kGt1MaxSeat>{"A-7"};
    fields.proof_mandatory = true;
    EXPECT_EQ(to_hex(table(0x0B, blocks)), to_hex(tests::test_ticket(fields, tests::test_key(1))));
}

TEST(Gt1OtherLibrary, AProofMadeThereIsAccepted) {
    const auto holder = tests::test_key(2).public_key();
    Buffer blocks{0xED};
    append(blocks, {holder.begin(), holder.end()});
    Buffer ticket = table(0x09, blocks);
    Buffer message{'G', 'T', '1', '-', 'p', 'r', 'o', 'o', 'f', 0};
    append(message, sha256_with_libcrypto(ticket));
    append(message, {0x10, 0x68, 0xE7, 0x78, 0x05});
    append(ticket, {0x10, 0x68, 0xE7, 0x78, 0x05});
    append(ticket, sign_with_libcrypto(seed_of(2), message));
    const KeyRing ring = tests::ring_of(tests::test_record(tests::test_key(1)));
    const Proof proof = Verifier{ring}.prove(as_bytes(gt1_text(ticket)));
    ASSERT_TRUE(proof) << fault_text(proof.error());
    EXPECT_EQ(proof->ticket().proof_time, tests::at(1'760'000'005));
}

TEST(Gt1OtherLibrary, AnExtensionThatMayBeIgnoredIs) {
    const KeyRing ring = tests::ring_of(tests::test_record(tests::test_key(1)));
    const Buffer ticket = table(0x04, {0, 3, 0x01, 1, 0xAA});
    EXPECT_TRUE(Verifier{ring}.prove(as_bytes(gt1_text(ticket))));
}

}  // namespace
}  // namespace stile::crypto
