// SPDX-License-Identifier: Apache-2.0
// P-256 against published vectors.
#include "crypto/p256.hpp"

#include <gtest/gtest.h>

#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

using CompressedKey = std::array<std::uint8_t, 33>;

CompressedKey compress(const Buffer& uncompressed) {
    CompressedKey key{};
    key[0] = static_cast<std::uint8_t>(2 + (uncompressed.at(64) & 1U));
    std::copy_n(uncompressed.begin() + 1, 32, key.begin() + 1);
    return key;
}

P256Check verify(const CompressedKey& key, const Buffer& message, const Buffer& signature) {
    if (signature.size() != 64) return P256Check::BadSignature;  // our types hold no other length
    return p256_verify(key, message, Bytes{signature}.first<64>());
}

struct Sample {
    CompressedKey key;
    Buffer message;
    Buffer high;
    Buffer low;
};

Sample sample(const nlohmann::json& vectors) {
    const auto& entry = vectors["ecdsa_p256"][0];
    const std::string r = entry["r"].get<std::string>();
    return {.key = tests::hex_array<33>(entry["public_compressed"]),
            .message = tests::hex(entry["message"]),
            .high = tests::hex(r + entry["s"].get<std::string>()),
            .low = tests::hex(r + entry["low_s_form"].get<std::string>())};
}

TEST(P256, AcceptsBothFormsOfS) {
    STILE_LOAD_OR_SKIP(vectors, "crypto_primitives.json");
    const Sample good = sample(vectors);
    EXPECT_EQ(verify(good.key, good.message, good.high), P256Check::Good);
    EXPECT_EQ(verify(good.key, good.message, good.low), P256Check::Good);
}

TEST(P256, RefusesAnotherMessage) {
    STILE_LOAD_OR_SKIP(vectors, "crypto_primitives.json");
    const Sample good = sample(vectors);
    EXPECT_EQ(verify(good.key, {}, good.high), P256Check::BadSignature);
}

TEST(P256, RefusesTheOtherRootOfX) {
    STILE_LOAD_OR_SKIP(vectors, "crypto_primitives.json");
    Sample good = sample(vectors);
    good.key[0] ^= 1U;
    EXPECT_EQ(verify(good.key, good.message, good.high), P256Check::BadSignature);
}

TEST(P256, RefusesPrefixesOfOtherForms) {
    STILE_LOAD_OR_SKIP(vectors, "crypto_primitives.json");
    Sample good = sample(vectors);
    for (const int prefix : {0x00, 0x01, 0x04, 0x05, 0x06, 0x07, 0xED, 0xFF}) {
        good.key[0] = static_cast<std::uint8_t>(prefix);
        EXPECT_FALSE(is_p256_key(good.key)) << prefix;
        EXPECT_EQ(verify(good.key, good.message, good.high), P256Check::BadKey) << prefix;
    }
}

TEST(P256, AgreesWithWycheproof) {
    STILE_LOAD_OR_SKIP(vectors, "wycheproof/ecdsa_secp256r1_sha256_p1363_test.json");
    std::size_t count = 0;
    for (const auto& group : vectors["testGroups"]) {
        const CompressedKey key = compress(tests::hex(group["publicKey"]["uncompressed"]));
        for (const auto& entry : group["tests"]) {
            const auto expected =
                entry["result"] == "valid" ? P256Check::Good : P256Check::BadSignature;
            EXPECT_EQ(verify(key, tests::hex(entry["msg"]), tests::hex(entry["sig"])), expected)
                << entry["tcId"] << entry["comment"];
            ++count;
        }
    }
    EXPECT_EQ(count, vectors["numberOfTests"].get<std::size_t>());
}

TEST(P256, TakesNoPointOffTheCurve) {
    CompressedKey key{0x02};
    key[32] = 1;  // x = 1 has no y
    EXPECT_FALSE(is_p256_key(key));
    key[32] = 5;  // x = 5 has one
    EXPECT_TRUE(is_p256_key(key));
}

TEST(P256, TakesNoXAboveTheField) {
    CompressedKey key{0x02};
    std::fill(key.begin() + 1, key.end(), std::uint8_t{0xFF});
    EXPECT_FALSE(is_p256_key(key));
}

}  // namespace
}  // namespace stile::crypto
