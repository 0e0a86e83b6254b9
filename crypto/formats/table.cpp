// SPDX-License-Identifier: Apache-2.0
// The format table: one row a format. A new format is one file in this folder and one row here.
#include <array>

#include "crypto/formats/gt1.hpp"
#include "crypto/formats/gw1.hpp"
#include "crypto/formats/pretix_sig1.hpp"
#include "crypto/verifier.hpp"

namespace stile::crypto {
namespace {

constexpr std::array kFormats{
    Format{"gt1", claims_gt1, prove_gt1, describe_gt1_scan},
    Format{"gw1", claims_gw1, prove_gw1, describe_gw1_scan},
    Format{kPretixSig1, claims_pretix, prove_pretix, describe_pretix_scan},
};

}  // namespace

std::span<const Format> formats() {
    return kFormats;
}

}  // namespace stile::crypto
