// SPDX-License-Identifier: Apache-2.0
// Base64 by libsodium, which is strict already; what it decodes is written again and compared, so
// that the promise of one spelling hangs on no version of it.
#include "crypto/base64.hpp"

#include <algorithm>

#include <sodium.h>

namespace stile::crypto {

std::optional<std::size_t> base64_decode(Bytes text, std::span<std::uint8_t> out) {
    if (text.size() > kBase64MaxText) return std::nullopt;
    std::size_t size = 0;
    const std::string_view spelled = as_text(text);
    if (sodium_base642bin(out.data(), out.size(), spelled.data(), spelled.size(), nullptr, &size,
                          nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
        return std::nullopt;
    std::array<char, kBase64MaxText + 1> again{};  // with the zero that libsodium appends
    sodium_bin2base64(again.data(), again.size(), out.data(), size, sodium_base64_VARIANT_ORIGINAL);
    if (spelled != std::string_view{again.data()}) return std::nullopt;
    return size;
}

}  // namespace stile::crypto
