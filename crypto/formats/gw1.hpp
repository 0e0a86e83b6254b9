// SPDX-License-Identifier: Apache-2.0
// GW1: a GT1 core inside a wallet's rotating code. Byte by byte in crypto/FORMAT.md.
#pragma once

#include <expected>

#include "crypto/formats/gt1.hpp"
#include "crypto/totp.hpp"

namespace stile::crypto {

inline constexpr std::string_view kGw1Prefix = "GW1:";

// What the text says, well formed and unproven: when the wallet computed its code, the code, and
// the ticket. Making and copying one never allocates.
struct SignedGw1 {
    std::uint32_t time = 0;  // Unix seconds
    TotpCode code{};
    SignedGt1 core;

    [[nodiscard]] static std::expected<SignedGw1, Fault> from_text(Bytes text);
};

// The issuer's word for the core, and the code for its time step. The time itself is for the
// decision, like that of a holder's proof; it counts by whole steps, since within one step anybody
// can write another second.
[[nodiscard]] std::expected<Ticket, Fault> verify_gw1(const SignedGw1& ticket, const KeyRing& keys);

// The row in the format table.
[[nodiscard]] bool claims_gw1(Bytes scan);
[[nodiscard]] std::expected<Ticket, Fault> prove_gw1(Bytes scan, const KeyRing& keys);
[[nodiscard]] std::expected<Description, Fault> describe_gw1_scan(Bytes scan);

}  // namespace stile::crypto
