// SPDX-License-Identifier: Apache-2.0
// A sealed secret opens with its pass phrase, and with nothing else.
#include "crypto/secret_box.hpp"

#include <gtest/gtest.h>

namespace stile::crypto {
namespace {

constexpr PassphraseCost kCheap{.passes = 1, .memory_kib = 8};

SecretBox sealed() {
    auto box = seal_secret(as_bytes("the secret"), as_bytes("pass phrase"), kCheap);
    EXPECT_TRUE(box);
    return std::move(*box);
}

TEST(SecretBox, OpensWithItsPassphrase) {
    const auto secret = open_secret(sealed(), as_bytes("pass phrase"));
    ASSERT_TRUE(secret);
    EXPECT_EQ(as_text(secret->bytes()), "the secret");
}

TEST(SecretBox, RefusesAWrongPassphrase) {
    for (const char* wrong : {"", "pass phrase ", "Pass phrase"})
        EXPECT_EQ(open_secret(sealed(), as_bytes(wrong)).error().code, Errc::Denied);
}

TEST(SecretBox, RefusesAChangedBox) {
    for (std::size_t at = 0; at < sealed().sealed.size(); ++at) {
        SecretBox box = sealed();
        box.sealed[at] ^= 1U;
        EXPECT_FALSE(open_secret(box, as_bytes("pass phrase"))) << at;
    }
}

TEST(SecretBox, RefusesAChangedSaltNonceOrCost) {
    SecretBox box = sealed();
    box.salt[0] ^= 1U;
    EXPECT_FALSE(open_secret(box, as_bytes("pass phrase")));
    box = sealed();
    box.nonce[0] ^= 1U;
    EXPECT_FALSE(open_secret(box, as_bytes("pass phrase")));
    box = sealed();
    box.cost.passes = 2;
    EXPECT_FALSE(open_secret(box, as_bytes("pass phrase")));
}

TEST(SecretBox, RefusesACostThatWouldEatTheMachine) {
    for (const PassphraseCost cost : {PassphraseCost{.passes = 0, .memory_kib = 8},
                                      PassphraseCost{.passes = 17, .memory_kib = 8},
                                      PassphraseCost{.passes = 1, .memory_kib = 7},
                                      PassphraseCost{.passes = 1, .memory_kib = 0xFFFFFFFF}}) {
        SecretBox box = sealed();
        box.cost = cost;
        EXPECT_EQ(open_secret(box, as_bytes("pass phrase")).error().code, Errc::Invalid);
    }
}

TEST(SecretBox, RefusesABoxThatIsTooShort) {
    SecretBox box = sealed();
    box.sealed.resize(15);
    EXPECT_EQ(open_secret(box, as_bytes("pass phrase")).error().code, Errc::Invalid);
}

TEST(SecretBox, SealsTheSameSecretDifferentlyEachTime) {
    EXPECT_NE(sealed().sealed, sealed().sealed);
}

TEST(LockedBytes, MoveAndShrink) {
    LockedBytes first{8};
    first.span()[0] = 7;
    LockedBytes second{std::move(first)};
    EXPECT_EQ(second.bytes()[0], 7);
    second.shrink(3);
    second.shrink(5);
    EXPECT_EQ(second.bytes().size(), 3U);
    LockedBytes third{1};
    third = std::move(second);
    EXPECT_EQ(third.bytes().size(), 3U);
}

}  // namespace
}  // namespace stile::crypto
