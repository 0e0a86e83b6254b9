// SPDX-License-Identifier: Apache-2.0
// Hashes, ids and identities.
#include "crypto/hash.hpp"

#include <gtest/gtest.h>

#include "crypto/key_ring.hpp"

namespace stile::crypto {
namespace {

TEST(Hash, Sha256IsThePublishedOne) {
    // FIPS 180-4, "abc", given in two parts.
    EXPECT_EQ(to_hex(sha256({as_bytes("a"), as_bytes("bc")})),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash, Blake2bDoesNotSeeHowItsInputIsCut) {
    EXPECT_EQ(blake2b_128({as_bytes("abc")}), blake2b_128({as_bytes("a"), {}, as_bytes("bc")}));
    EXPECT_NE(blake2b_128({as_bytes("abc")}), blake2b_128({as_bytes("abd")}));
}

TEST(Hash, ATicketIdDependsOnTheSecretAndOnTheIdentity) {
    const EventSecret one{1};
    const EventSecret two{2};
    const Identity first{{1}};
    const Identity second{{2}};
    EXPECT_EQ(ticket_id(one, first), ticket_id(one, first));
    EXPECT_NE(ticket_id(one, first), ticket_id(two, first));
    EXPECT_NE(ticket_id(one, first), ticket_id(one, second));
    EXPECT_NE(ticket_id(one, first), first.bytes);
}

TEST(Hash, AnIdentityDependsOnEachOfItsParts) {
    const Identity base = identity_of(IssuerId{1}, 2, 3);
    EXPECT_EQ(base, identity_of(IssuerId{1}, 2, 3));
    EXPECT_NE(base, identity_of(IssuerId{2}, 2, 3));
    EXPECT_NE(base, identity_of(IssuerId{1}, 3, 3));
    EXPECT_NE(base, identity_of(IssuerId{1}, 2, 4));
}

// They stand in ledgers and revocation lists: a change would orphan those. The expected values were
// computed with Python's hashlib from crypto/FORMAT.md.
TEST(Hash, StoredNamesNeverChange) {
    EventSecret secret{};
    for (std::size_t i = 0; i < secret.size(); ++i)
        secret[i] = static_cast<std::uint8_t>(i);
    const IssuerId issuer = issuer_id("demo-issuer");
    const Identity identity = identity_of(issuer, 10597059, 1234);
    EXPECT_EQ(static_cast<std::uint64_t>(issuer), 0x8b3603a2d0d853dbU);
    EXPECT_EQ(to_hex(identity.bytes), "34c504e51b2cab59115164ffc3041069");
    EXPECT_EQ(to_hex(ticket_id(secret, identity)), "2433bd0427c6fe1af04c15ac769a6078");
}

}  // namespace
}  // namespace stile::crypto
