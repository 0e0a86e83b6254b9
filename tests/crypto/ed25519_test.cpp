// SPDX-License-Identifier: Apache-2.0
// Ed25519 against published vectors: a signature is accepted only in its one form.
#include "crypto/ed25519.hpp"

#include <gtest/gtest.h>

#include "crypto/signing_key.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

bool verify(const Buffer& key, const Buffer& message, const Buffer& signature) {
    if (key.size() != 32 || signature.size() != 64) return false;  // our types hold no other length
    return ed25519_verify(Bytes{key}.first<32>(), message, Bytes{signature}.first<64>());
}

TEST(Ed25519, VerifiesAndSignsAsRfc8032) {
    STILE_LOAD_OR_SKIP(vectors, "crypto_primitives.json");
    for (const auto& entry : vectors["ed25519"]) {
        const auto key = SigningKey::from_seed(tests::hex_array<32>(entry["secret"]));
        const Buffer message = tests::hex(entry["message"]);
        EXPECT_EQ(to_hex(key.public_key()), entry["public"].get<std::string>());
        EXPECT_EQ(to_hex(key.sign(message)), entry["signature"].get<std::string>());
        EXPECT_TRUE(verify(tests::hex(entry["public"]), message, tests::hex(entry["signature"])));
    }
}

TEST(Ed25519, RefusesTheSharedNegativeVectors) {
    STILE_LOAD_OR_SKIP(vectors, "crypto_primitives.json");
    for (const auto& entry : vectors["ed25519_negative"])
        EXPECT_FALSE(verify(tests::hex(entry["public"]), tests::hex(entry["message"]),
                            tests::hex(entry["signature"])))
            << entry["name"];
}

TEST(Ed25519, AgreesWithWycheproof) {
    STILE_LOAD_OR_SKIP(vectors, "wycheproof/ed25519_test.json");
    std::size_t count = 0;
    for (const auto& group : vectors["testGroups"]) {
        const Buffer key = tests::hex(group["publicKey"]["pk"]);
        for (const auto& entry : group["tests"]) {
            const bool valid = entry["result"] == "valid";
            EXPECT_EQ(verify(key, tests::hex(entry["msg"]), tests::hex(entry["sig"])), valid)
                << entry["tcId"] << entry["comment"];
            ++count;
        }
    }
    EXPECT_EQ(count, vectors["numberOfTests"].get<std::size_t>());
}

// The eight points of small order, in their canonical encodings, and two encodings of y >= p.
constexpr std::array kWeakKeys{
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

TEST(Ed25519, TakesNoWeakOrNonCanonicalKey) {
    for (const char* weak : kWeakKeys)
        EXPECT_FALSE(is_ed25519_key(tests::hex_array<32>(weak))) << weak;
}

TEST(Ed25519, AcceptsNoSignatureUnderAWeakKey) {
    // R = the identity, S = 0: good for every message where small order is not refused.
    Signature signature{};
    signature[0] = 1;
    for (const char* weak : kWeakKeys)
        EXPECT_FALSE(ed25519_verify(tests::hex_array<32>(weak), as_bytes("any"), signature))
            << weak;
}

TEST(Ed25519, TakesAnOrdinaryKey) {
    EXPECT_TRUE(is_ed25519_key(SigningKey::generate().public_key()));
}

TEST(Ed25519, RefusesAnotherMessage) {
    const auto key = SigningKey::generate();
    EXPECT_TRUE(ed25519_verify(key.public_key(), as_bytes("a"), key.sign(as_bytes("a"))));
    EXPECT_FALSE(ed25519_verify(key.public_key(), as_bytes("b"), key.sign(as_bytes("a"))));
}

TEST(Ed25519, RefusesAnotherKey) {
    const auto key = SigningKey::generate();
    const auto other = SigningKey::generate();
    EXPECT_FALSE(ed25519_verify(other.public_key(), as_bytes("a"), key.sign(as_bytes("a"))));
}

}  // namespace
}  // namespace stile::crypto
