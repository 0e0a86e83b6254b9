// SPDX-License-Identifier: Apache-2.0
// NXP's signatures over the numbers of its chips, and the curves under them.
#include <map>

#include <gtest/gtest.h>

#include "crypto/cards/allow_list.hpp"
#include "crypto/cards/originality.hpp"
#include "crypto/cards/tag_pass.hpp"
#include "crypto/ecdsa.hpp"
#include "tests/crypto/card_play.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::crypto {
namespace {

using tests::bytes_of;

const std::map<std::string, NxpChip> kChips{{"NTAG21x (213/215/216)", NxpChip::Ntag21x},
                                            {"MIFARE Ultralight EV1", NxpChip::UltralightEv1},
                                            {"NTAG 424 DNA", NxpChip::Ntag424},
                                            {"MIFARE DESFire EV2", NxpChip::DesfireEv2},
                                            {"MIFARE DESFire EV3", NxpChip::DesfireEv3}};

TEST(NxpOriginalityVectors, Hold) {
    STILE_LOAD_OR_SKIP(vectors, "nxp_originality.json");
    std::size_t good = 0, bad = 0;
    for (const auto& family : vectors["keys"]) {
        for (const auto& item : family["vectors"]) {
            const auto chip = nxp_chip(tests::hex(item["uid"]), tests::hex(item["signature"]));
            if (item["expect"] == "accept") {
                EXPECT_EQ(chip, kChips.at(family["chip"])) << item["uid"];
                ++good;
            } else {
                EXPECT_FALSE(chip) << item["uid"];
                ++bad;
            }
        }
    }
    EXPECT_EQ(good, 12U);
    EXPECT_EQ(bad, 2U);
}

TEST(NxpOriginality, IsThatOfOneNumber) {
    STILE_LOAD_OR_SKIP(vectors, "nxp_originality.json");
    for (const auto& family : vectors["keys"]) {
        const auto& item = family["vectors"][0];
        const Buffer signature = tests::hex(item["signature"]);
        Buffer uid = tests::hex(item["uid"]);
        uid[6] ^= 1U;
        EXPECT_FALSE(nxp_chip(uid, signature)) << family["chip"];
        uid[6] ^= 1U;
        for (std::size_t i = 0; i < signature.size(); ++i) {
            Buffer other = signature;
            other[i] ^= 1U;
            EXPECT_FALSE(nxp_chip(uid, other)) << family["chip"] << i;
        }
    }
}

TEST(NxpOriginality, TakesNoOtherLengths) {
    STILE_LOAD_OR_SKIP(vectors, "nxp_originality.json");
    const auto& item = vectors["keys"][0]["vectors"][0];
    const Buffer uid = tests::hex(item["uid"]), signature = tests::hex(item["signature"]);
    EXPECT_FALSE(nxp_chip({}, signature));
    EXPECT_FALSE(nxp_chip(Bytes{uid}.first(4), signature));
    EXPECT_FALSE(nxp_chip(uid, {}));
    EXPECT_FALSE(nxp_chip(uid, Bytes{signature}.first(31)));
    EXPECT_FALSE(nxp_chip(uid, Buffer(32, 0)));
    EXPECT_FALSE(nxp_chip(uid, Buffer(56, 0)));
    EXPECT_FALSE(nxp_chip(uid, Buffer(64, 0xFF)));
}

TEST(NxpOriginality, IsAskedByAllowedCommands) {
    EXPECT_TRUE(allowed(kReadSignature));
    TagPass pass;
    EXPECT_TRUE(allowed(pass.wrap(kTagReadSignature).apdu));
    ASSERT_TRUE(pass.try_next());
    EXPECT_EQ(to_hex(pass.wrap(kTagReadSignature).apdu), "ff00000004d4423c00");
    EXPECT_FALSE(pass.try_next());
}

TEST(EcKey, IsAPointInOneOfItsTwoForms) {
    const Buffer whole = bytes_of(
        "048A9B380AF2EE1B98DC417FECC263F8449C7625CECE82D9B916C992DA"
        "209D68422B81EC20B65A66B5102A61596AF3379200599316A00A1410");
    EXPECT_TRUE(is_ec_key(EcCurve::Secp224r1, whole));
    Buffer compressed{whole.begin(), whole.begin() + 29};
    compressed[0] = 0x02;
    EXPECT_TRUE(is_ec_key(EcCurve::Secp224r1, compressed));
    EXPECT_FALSE(is_ec_key(EcCurve::P256, whole));
    EXPECT_FALSE(is_ec_key(EcCurve::Secp128r1, whole));
    EXPECT_FALSE(is_ec_key(EcCurve::Secp224r1, {}));
    EXPECT_FALSE(is_ec_key(EcCurve::Secp224r1, bytes_of("00")));  // the point at infinity
    for (const std::uint8_t form : Buffer{0x00, 0x01, 0x05, 0x06, 0x07}) {
        Buffer other = whole;
        other[0] = form;  // 06 and 07 are a third, hybrid form: not for us
        EXPECT_FALSE(is_ec_key(EcCurve::Secp224r1, other)) << int{form};
    }
    Buffer off = whole;
    off.back() ^= 1U;
    EXPECT_FALSE(is_ec_key(EcCurve::Secp224r1, off));
}

}  // namespace
}  // namespace stile::crypto
