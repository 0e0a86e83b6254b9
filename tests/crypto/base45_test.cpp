// SPDX-License-Identifier: Apache-2.0
// Base45 has one spelling for each sequence of bytes.
#include "crypto/base45.hpp"

#include <gtest/gtest.h>

#include "crypto/hash.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

std::optional<Buffer> decode(std::string_view text) {
    Buffer out(text.size());
    const auto size = base45_decode(as_bytes(text), out);
    if (!size) return std::nullopt;
    out.resize(*size);
    return out;
}

TEST(Base45, DecodesAndEncodesTheSharedVectors) {
    STILE_LOAD_OR_SKIP(vectors, "crypto_primitives.json");
    for (const auto& entry : vectors["base45"]["valid"]) {
        const auto text = entry["text"].get<std::string>();
        EXPECT_EQ(decode(text), tests::hex(entry["bytes"]));
        EXPECT_EQ(base45_encode(tests::hex(entry["bytes"])), text);
    }
}

TEST(Base45, RefusesTheSharedNegativeVectors) {
    STILE_LOAD_OR_SKIP(vectors, "crypto_primitives.json");
    for (const auto& entry : vectors["base45"]["invalid"])
        EXPECT_FALSE(decode(entry["text"].get<std::string>())) << entry["why"];
}

TEST(Base45, AcceptsTheLargestValueOfAGroupAndRefusesTheNext) {
    EXPECT_EQ(decode("FGW"), (Buffer{0xFF, 0xFF}));
    EXPECT_FALSE(decode("GGW"));
    EXPECT_EQ(decode("U5"), Buffer{0xFF});
    EXPECT_FALSE(decode("V5"));
}

TEST(Base45, RefusesEveryCharacterOutsideTheAlphabet) {
    const std::string alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    for (int byte = 0; byte < 256; ++byte) {
        const auto character = static_cast<char>(byte);
        const bool known = alphabet.find(character) != std::string::npos;
        EXPECT_EQ(decode(std::string{'0', character, '0'}).has_value(), known) << byte;
    }
}

TEST(Base45, RefusesALengthThatNoBytesHave) {
    EXPECT_FALSE(decode("0"));
    EXPECT_FALSE(decode("0000"));
}

TEST(Base45, RefusesToWritePastTheEndOfTheOutput) {
    std::array<std::uint8_t, 3> out{};
    EXPECT_FALSE(base45_decode(as_bytes("000000"), out));
    EXPECT_EQ(base45_decode(as_bytes("00000"), out), 3U);
}

TEST(Base45, DecodesNothingToNothing) {
    EXPECT_EQ(decode(""), Buffer{});
}

TEST(Base45, EveryAcceptedGroupIsTheSpellingOfItsBytes) {
    for (int number = 0; number < 45 * 45; ++number) {
        const std::string alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
        const auto low = static_cast<std::size_t>(number % 45);
        const auto high = static_cast<std::size_t>(number / 45);
        const std::string text{alphabet[low], alphabet[high]};
        if (const auto bytes = decode(text)) {
            EXPECT_EQ(base45_encode(*bytes), text);
        }
    }
}

TEST(Base45, ComesBackForRandomBytesOfEveryLength) {
    for (std::size_t size = 0; size < 200; ++size) {
        Buffer bytes(size);
        fill_random(bytes);
        const std::string text = base45_encode(bytes);
        EXPECT_EQ(text.size(), base45_size(size));
        EXPECT_EQ(decode(text), bytes);
    }
}

}  // namespace
}  // namespace stile::crypto
