// SPDX-License-Identifier: Apache-2.0
// NXP's public keys, tried in turn.
#include "crypto/cards/originality.hpp"

#include <string_view>

#include "crypto/ecdsa.hpp"

namespace stile::crypto {
namespace {

struct Maker {
    NxpChip chip;
    EcCurve curve;
    std::string_view key;  // hexadecimal, as NXP's application notes print it
};

constexpr Maker kMakers[] = {
    {NxpChip::Ntag21x, EcCurve::Secp128r1,
     "04494E1A386D3D3CFE3DC10E5DE68A499B1C202DB5B132393E89ED19FE5BE8BC61"},
    {NxpChip::UltralightEv1, EcCurve::Secp128r1,
     "0490933BDCD6E99B4E255E3DA55389A827564E11718E017292FAF23226A96614B8"},
    {NxpChip::Ntag424, EcCurve::Secp224r1,
     "048A9B380AF2EE1B98DC417FECC263F8449C7625CECE82D9B916C992DA"
     "209D68422B81EC20B65A66B5102A61596AF3379200599316A00A1410"},
    {NxpChip::DesfireEv2, EcCurve::Secp224r1,
     "04B304DC4C615F5326FE9383DDEC9AA892DF3A57FA7FFB3276192BC0EA"
     "A252ED45A865E3B093A3D0DCE5BE29E92F1392CE7DE321E3E5C52B3A"},
    {NxpChip::DesfireEv3, EcCurve::Secp224r1,
     "041DB46C145D0A36539C6544BD6D9B0AA62FF91EC48CBC6ABAE36E0089"
     "A46F0D08C8A715EA40A63313B92E90DDC1730230E0458A33276FB743"},
};

}  // namespace

std::optional<NxpChip> nxp_chip(Bytes uid, Bytes signature) {
    if (uid.size() != 7) return std::nullopt;
    for (const Maker& maker : kMakers) {
        const auto key = from_hex(maker.key);
        if (key && ecdsa_verify(maker.curve, *key, uid, signature) == EcdsaCheck::Good)
            return maker.chip;
    }
    return std::nullopt;
}

}  // namespace stile::crypto
