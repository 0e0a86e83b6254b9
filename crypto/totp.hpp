// SPDX-License-Identifier: Apache-2.0
// Wallet codes: TOTP (RFC 6238) with SHA-1 and 8 digits, as Google Wallet computes it on a phone.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "crypto/base/bytes.hpp"

namespace stile::crypto {

inline constexpr std::chrono::seconds kTotpStep{15};

// One secret for an event; each ticket's own key follows from it.
using TotpMaster = std::array<std::uint8_t, 32>;
using TotpKey = std::array<std::uint8_t, 20>;
using TotpCode = std::array<std::uint8_t, 8>;  // ASCII digits

// HKDF-SHA256(salt 32 zero bytes, master, "GT1-totp\0" || event || serial). Nothing if libcrypto
// fails. Reentrant.
[[nodiscard]] std::optional<TotpKey> totp_key(const TotpMaster& master, std::uint32_t event,
                                              std::uint64_t serial);

// The code of one time step. Nothing if libcrypto fails. Reentrant.
[[nodiscard]] std::optional<TotpCode> totp_code(const TotpKey& key, std::uint64_t step);

// Takes the same time for every pair of codes.
[[nodiscard]] bool same_code(const TotpCode& one, const TotpCode& other);

}  // namespace stile::crypto
