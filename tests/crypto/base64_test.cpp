// SPDX-License-Identifier: Apache-2.0
// Base64: all bytes have one spelling, and no other text decodes.
#include "crypto/base64.hpp"

#include <string>

#include <gtest/gtest.h>

namespace stile::crypto {
namespace {

std::optional<std::string> decode(std::string_view text) {
    std::array<std::uint8_t, 16> out{};
    const auto size = base64_decode(as_bytes(text), out);
    if (!size) return std::nullopt;
    return std::string{as_text(Bytes{out}.first(*size))};
}

TEST(Base64, DecodesTheExamplesOfRfc4648) {
    EXPECT_EQ(decode(""), "");
    EXPECT_EQ(decode("Zg=="), "f");
    EXPECT_EQ(decode("Zm8="), "fo");
    EXPECT_EQ(decode("Zm9v"), "foo");
    EXPECT_EQ(decode("Zm9vYg=="), "foob");
    EXPECT_EQ(decode("Zm9vYmE="), "fooba");
    EXPECT_EQ(decode("Zm9vYmFy"), "foobar");
    EXPECT_EQ(decode("+/+/"), "\xFB\xFF\xBF");
}

TEST(Base64, RefusesEveryOtherSpelling) {
    for (const char* text :
         {"Zh==",     "Zm9=",  "Zg",   "Zg=",  "Zm8",   "Zg===",    "Zm9v=",
          "Zm9v====", "=",     "====", "Z",    " Zg==", "Zg== ",    "Zg==\n",
          "Zm9v\n",   "Zm 9v", "Zm-v", "Zm_v", "Zm9v!", "Zg==Zg==", "\xC3\xA9=="})
        EXPECT_EQ(decode(text), std::nullopt) << text;
    EXPECT_EQ(decode(std::string_view{"Zm9v\0", 5}), std::nullopt);
    EXPECT_EQ(decode(std::string_view{"Zm\0v", 4}), std::nullopt);
}

TEST(Base64, RefusesMoreThanThereIsRoomFor) {
    EXPECT_TRUE(decode("AAAAAAAAAAAAAAAAAAAAAA=="));   // 16 bytes
    EXPECT_FALSE(decode("AAAAAAAAAAAAAAAAAAAAAAA="));  // 17
    std::vector<std::uint8_t> out(4000);
    EXPECT_TRUE(base64_decode(as_bytes(std::string(kBase64MaxText, 'A')), out));
    EXPECT_FALSE(base64_decode(as_bytes(std::string(kBase64MaxText + 4, 'A')), out));
}

}  // namespace
}  // namespace stile::crypto
