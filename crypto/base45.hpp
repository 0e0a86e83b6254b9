// SPDX-License-Identifier: Apache-2.0
// Base45 (RFC 9285): bytes as text that a QR code stores in its compact alphanumeric mode.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "crypto/base/bytes.hpp"

namespace stile::crypto {

// Characters for `bytes` bytes: three for two, two for a last single one.
[[nodiscard]] constexpr std::size_t base45_size(std::size_t bytes) {
    return (bytes / 2 * 3) + (bytes % 2 * 2);
}

[[nodiscard]] std::string base45_encode(Bytes bytes);

// Decodes into `out` and says how many bytes that were. Nothing if a character is outside the
// alphabet, a group is above what its bytes can hold, the length is impossible, or `out` is too
// small. All bytes have one spelling only. Reentrant, allocates nothing.
[[nodiscard]] std::optional<std::size_t> base45_decode(Bytes text, std::span<std::uint8_t> out);

}  // namespace stile::crypto
