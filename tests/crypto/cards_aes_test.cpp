// SPDX-License-Identifier: Apache-2.0
// AES-CBC, AES-CMAC, and the keys that cards get from them.
#include <gtest/gtest.h>

#include "crypto/aes.hpp"
#include "crypto/cards/key_diversification.hpp"
#include "tests/crypto/card_play.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

using tests::bytes_of;
using Key = std::array<std::uint8_t, 16>;

TEST(AesCmacVectors, OfTheRfcHold) {
    STILE_LOAD_OR_SKIP(vectors, "crypto_primitives.json");
    const auto& set = vectors["aes_cmac"];
    const auto key = tests::hex_array<16>(set["key"]);
    for (const auto& item : set["vectors"]) {
        const auto mac = aes_cmac(key, {tests::hex(item["message"])});
        ASSERT_TRUE(mac);
        EXPECT_EQ(to_hex(*mac), item["mac"].get<std::string>()) << item["len"];
    }
}

// The groups with other key sizes cannot even be spelled: a key has 16 bytes by its type.
TEST(AesCmacVectors, OfWycheproofHold) {
    STILE_LOAD_OR_SKIP(vectors, "wycheproof/aes_cmac_test.json");
    std::size_t valid = 0, invalid = 0;
    for (const auto& group : vectors["testGroups"]) {
        if (group["keySize"] != 128) continue;
        for (const auto& item : group["tests"]) {
            const auto mac = aes_cmac(tests::hex_array<16>(item["key"]), {tests::hex(item["msg"])});
            ASSERT_TRUE(mac);
            const bool same = same_bytes(*mac, tests::hex(item["tag"]));
            EXPECT_EQ(same, item["result"] == "valid") << item["tcId"] << item["comment"];
            ++(same ? valid : invalid);
        }
    }
    EXPECT_GT(valid, 10U);
    EXPECT_GT(invalid, valid);
}

TEST(AesCmac, DoesNotCareHowItsMessageIsCut) {
    const Key key{1, 2, 3};
    const Buffer message = bytes_of("00112233445566778899aabbccddeeff0011223344");
    const auto whole = aes_cmac(key, {message});
    for (std::size_t cut = 0; cut <= message.size(); ++cut) {
        const Bytes view{message};
        EXPECT_EQ(aes_cmac(key, {view.first(cut), view.subspan(cut)}), whole) << cut;
    }
    EXPECT_EQ(aes_cmac(key, {}), aes_cmac(key, {Bytes{}}));
}

// NIST SP 800-38A, F.2.1.
TEST(AesCbc, EncryptsAndDecryptsAsNistSays) {
    const Buffer key_bytes = bytes_of("2b7e151628aed2a6abf7158809cf4f3c");
    const AesKey key = Bytes{key_bytes}.first<16>();
    const Buffer plain =
        bytes_of("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
    AesBlock iv{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const AesBlock first = iv;
    Buffer bytes = plain;
    ASSERT_TRUE(aes_cbc_encrypt(key, iv, bytes));
    EXPECT_EQ(to_hex(bytes), "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2");
    EXPECT_EQ(to_hex(iv), "5086cb9b507219ee95db113a917678b2");
    iv = first;
    ASSERT_TRUE(aes_cbc_decrypt(key, iv, bytes));
    EXPECT_EQ(bytes, plain);
    EXPECT_EQ(to_hex(iv), "5086cb9b507219ee95db113a917678b2");
}

TEST(AesCbc, RefusesPartsOfBlocks) {
    const Key key{};
    for (const std::size_t size : {1U, 15U, 17U, 31U}) {
        Buffer bytes(size, 0);
        AesBlock iv{};
        EXPECT_FALSE(aes_cbc_encrypt(key, iv, bytes)) << size;
        EXPECT_FALSE(aes_cbc_decrypt(key, iv, bytes)) << size;
    }
}

TEST(SameBytes, ComparesLengthAndContent) {
    EXPECT_TRUE(same_bytes({}, {}));
    EXPECT_TRUE(same_bytes(bytes_of("0102"), bytes_of("0102")));
    EXPECT_FALSE(same_bytes(bytes_of("0102"), bytes_of("0103")));
    EXPECT_FALSE(same_bytes(bytes_of("0102"), bytes_of("01")));
    EXPECT_FALSE(same_bytes({}, bytes_of("00")));
}

std::string key_hex(const std::optional<LockedBytes>& key) {
    return key ? to_hex(key->bytes()) : "none";
}

TEST(DiversifiedKeyVectors, AreThoseOfAn10922) {
    STILE_LOAD_OR_SKIP(vectors, "ntag424_ev2.json");
    const auto& item = vectors["key_diversification"];
    const Buffer context =
        bytes_of(item["aid"].get<std::string>() + item["system_id"].get<std::string>());
    const auto key =
        diversified_key(tests::hex_array<16>(item["master_key"]), tests::hex(item["uid"]), context);
    EXPECT_EQ(key_hex(key), to_hex(tests::hex(item["diversified_key"])));
}

TEST(DiversifiedKeyVectors, AreThoseOfPretix) {
    STILE_LOAD_OR_SKIP(vectors, "pretix/nfc.json");
    const auto& item = vectors[0];
    const Buffer context =
        bytes_of(item["application_id"].get<std::string>() + item["system_id"].get<std::string>());
    const auto key =
        diversified_key(tests::hex_array<16>(item["master"]), tests::hex(item["uid"]), context);
    EXPECT_EQ(key_hex(key), to_hex(tests::hex(item["expected"])));
}

TEST(DiversifiedKey, IsNoneOutsideItsLimits) {
    const Key master{};
    EXPECT_FALSE(diversified_key(master, Buffer(7, 1), Buffer(8, 2)));
    EXPECT_TRUE(diversified_key(master, Buffer(7, 1), Buffer(9, 2)));
    EXPECT_TRUE(diversified_key(master, Buffer(7, 1), Buffer(24, 2)));
    EXPECT_FALSE(diversified_key(master, Buffer(7, 1), Buffer(25, 2)));
    EXPECT_FALSE(diversified_key(master, {}, {}));
}

TEST(DiversifiedKey, IsAnotherForEachCardAndFleet) {
    const Key master{1}, other{2};
    const Buffer context(12, 3);
    const std::string key = key_hex(diversified_key(master, Buffer(7, 1), context));
    EXPECT_NE(key, key_hex(diversified_key(other, Buffer(7, 1), context)));
    EXPECT_NE(key, key_hex(diversified_key(master, Buffer(7, 2), context)));
    EXPECT_NE(key, key_hex(diversified_key(master, Buffer(7, 1), Buffer(12, 4))));
}

}  // namespace
}  // namespace stile::crypto
