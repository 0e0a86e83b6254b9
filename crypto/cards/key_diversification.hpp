// SPDX-License-Identifier: Apache-2.0
// Each card's own key, from the key of its fleet (NXP AN10922, AES-128).
#pragma once

#include <optional>

#include "crypto/aes.hpp"
#include "crypto/locked_bytes.hpp"

namespace stile::crypto {

inline constexpr std::size_t kLeastDiversifier = 16;  // bytes of uid and context together
inline constexpr std::size_t kMostDiversifier = 31;

// CMAC(master, 01 || uid || context): the context names the application and the system, so that one
// master serves both. Nothing outside the limits above, where AN10922 is no plain CMAC. Reentrant.
[[nodiscard]] std::optional<LockedBytes> diversified_key(AesKey master, Bytes uid, Bytes context);

}  // namespace stile::crypto
