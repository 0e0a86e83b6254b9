// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648 section 4) that has one spelling for each sequence of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "crypto/base/bytes.hpp"

namespace stile::crypto {

inline constexpr std::size_t kBase64MaxText = 4096;

// Decodes into `out` and says how many bytes that were. Nothing for a text that is not exactly how
// its bytes are written: a character outside the alphabet, padding that is missing or too much,
// unused bits that are not zero. Nothing either for more than kBase64MaxText characters, or more
// bytes than `out` holds. Reentrant, allocates nothing.
[[nodiscard]] std::optional<std::size_t> base64_decode(Bytes text, std::span<std::uint8_t> out);

}  // namespace stile::crypto
