// SPDX-License-Identifier: Apache-2.0
// Wallet codes against RFC 6238 and the shared example.
#include "crypto/totp.hpp"

#include <gtest/gtest.h>

#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

std::string code(const TotpKey& key, std::uint64_t step) {
    const auto made = totp_code(key, step);
    return made ? std::string{as_text(*made)} : "";
}

// The wallet knows SHA-1 alone, so the entries of other hashes are not ours.
TEST(Totp, MakesTheCodesOfRfc6238) {
    STILE_LOAD_OR_SKIP(vectors, "crypto_primitives.json");
    std::size_t count = 0;
    for (const auto& entry : vectors["totp"]) {
        if (entry["hash"] != "SHA1") continue;
        TotpKey key{};
        ByteReader{as_bytes(entry["secret_ascii"].get<std::string>())}.copy(key);
        EXPECT_EQ(entry["digits"], 8);
        const auto step = entry["time"].get<std::uint64_t>() / entry["step_s"].get<std::uint64_t>();
        EXPECT_EQ(code(key, step), entry["otp"].get<std::string>());
        ++count;
    }
    EXPECT_EQ(count, 6U);
}

TEST(Totp, DerivesTheKeyOfTheSharedTicket) {
    STILE_LOAD_OR_SKIP(vectors, "gt1.json");
    const auto& wallet = vectors["google_wallet"];
    const auto key = totp_key(tests::hex_array<32>(wallet["totp_master"]), 0x00A1B2C3, 1234);
    ASSERT_TRUE(key);
    EXPECT_EQ(to_hex(*key), wallet["totp_key"].get<std::string>());
    EXPECT_EQ(code(*key, 1'760'000'000 / 15), wallet["otp"].get<std::string>());
}

TEST(Totp, GivesEachTicketItsOwnKey) {
    const TotpMaster master{1};
    EXPECT_NE(totp_key(master, 7, 1), totp_key(master, 7, 2));
    EXPECT_NE(totp_key(master, 7, 1), totp_key(master, 8, 1));
    EXPECT_NE(totp_key(master, 7, 1), totp_key(TotpMaster{2}, 7, 1));
}

TEST(Totp, KeepsZerosInFront) {
    const TotpKey key{};
    for (std::uint64_t step = 0; step < 200; ++step) {
        const std::string digits = code(key, step);
        ASSERT_EQ(digits.size(), 8U);
        ASSERT_EQ(digits.find_first_not_of("0123456789"), std::string::npos);
    }
}

TEST(Totp, ComparesCodes) {
    const TotpCode one{'1', '2', '3', '4', '5', '6', '7', '8'};
    EXPECT_TRUE(same_code(one, one));
    for (std::size_t i = 0; i < one.size(); ++i) {
        TotpCode other = one;
        other[i] = '0';
        EXPECT_FALSE(same_code(one, other));
    }
}

}  // namespace
}  // namespace stile::crypto
